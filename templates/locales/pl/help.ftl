help-title = Pomoc w logowaniu

help-lost-title = Hasło zgubione lub zapomniane
help-lost-text = Proszę zrobić po kolei:
help-lost-letter = Odszukać list z hasłem, odebrany w Administracji. Będzie potrzebny, nawet jeśli hasło zostało już zmienione.
help-lost-call = Zadzwonić do swojej Administracji. Podpowiemy, co dalej. O hasło nigdy nie pytamy.
help-lost-visit = Jeśli listu nie ma, przyjść do swojej Administracji z dokumentem tożsamości.

help-locked-title = Konto zablokowane
help-locked-text = Po kilku błędnych hasłach logowanie jest na pewien czas blokowane, żeby nikt obcy nie mógł zgadywać.
help-locked-wait = Wystarczy odczekać { $minutes ->
        [one] { $minutes } minutę
        [few] { $minutes } minuty
       *[other] { $minutes } minut
    } i spróbować ponownie.
help-locked-office = Jeśli to pilne, proszę zadzwonić lub przyjść do swojej Administracji z listem lub dokumentem tożsamości. Zdejmiemy blokadę od razu.

help-contact-title = Kontakt
help-own-office = Proszę zwrócić się do Administracji, w której został odebrany list z hasłem.
help-back = Przejdź do logowania
