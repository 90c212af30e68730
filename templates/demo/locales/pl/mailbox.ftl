# Skrzynka pokazu: listy e-mail, które wysłał dostawca.
mailbox-title = Poczta pokazu
mailbox-about = Tu trafiają wszystkie wiadomości, które IOK ID wysłałby ludziom. Nikt inny ich nie dostaje, a po zatrzymaniu pokazu znikają.
mailbox-empty = Nie ma jeszcze żadnej wiadomości. Po wykonaniu czegoś w serwisie proszę odświeżyć tę stronę.
mailbox-reload = Odśwież
mailbox-to = Do
mailbox-from = Od
mailbox-html = Pokaż jako HTML
mailbox-home = Przejdź do IOK ID
