# Strona, na której list z hasłem przywraca dostęp do konta.

recover-title = Odzyskanie dostępu do konta
recover-lead = Jeśli hasło zostało zapomniane albo konto jest zablokowane, wystarczy list z hasłem, odebrany w Administracji. Proszę mieć go przed sobą.
recover-then = Na następnej stronie poprosimy o ustalenie nowego hasła. Dotychczasowe przestanie działać, a inne urządzenia zostaną wylogowane.

recover-which = Jaki to list?
recover-with-codes = Mój list ma numer i kody odzyskiwania
recover-from-before = Mój list jest starszy: ma tylko identyfikator i hasło

recover-serial-label = Numer listu
recover-serial-hint = Dziesięć liter i cyfr. Kreski, odstępy i wielkość liter nie mają znaczenia.
recover-code-label = Pierwszy nieskreślony kod odzyskiwania
recover-code-hint = Dwanaście liter i cyfr. Każdy kod działa tylko raz: po użyciu proszę go w liście skreślić.
recover-example = Tak to wygląda w liście (dane są zmyślone):
recover-example-codes = Kody odzyskiwania
recover-example-used = – już użyty i skreślony
recover-example-next = – ten trzeba wpisać

recover-from-before-once = Hasło z takiego listu może przywrócić dostęp tylko jeden raz. Potem Administracja przygotuje nowy list.
recover-initial-password-label = Hasło z listu
recover-initial-password-hint = To, które jest wydrukowane w liście, a nie ustalone później przez Pana/Panią. Wielkie i małe litery mają znaczenie.

recover-button = Przejdź dalej

# Jeden tekst dla każdej pomyłki i dla wyczerpanej liczby prób: nikt obcy nie może się dowiedzieć, co się nie zgadza.
recover-refused = Nie udało się: wpisane dane się nie zgadzają albo prób było zbyt wiele.
    .with-codes = Proszę po kolei sprawdzić identyfikator, numer listu i kod. Potrzebny jest pierwszy kod, który nie był jeszcze użyty, z najnowszego listu.
    .from-before = Proszę sprawdzić identyfikator i hasło z listu. Jeśli list był już raz użyty do odzyskania dostępu albo jest od niego nowszy, ten już nie działa.
    .next = Jeśli to nie pomoże, proszę odczekać pewien czas i spróbować jeszcze raz albo przyjść do swojej Administracji z dokumentem tożsamości.
recover-form-expired = Ta strona była otwarta zbyt długo i formularz stracił ważność. Nic z listu nie zostało zużyte.
    .next = Proszę wpisać brakujące dane jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
recover-overloaded = W tej chwili korzysta z serwisu bardzo wiele osób. Nic z listu nie zostało zużyte.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.

recover-no-letter = Nie ma Pan/Pani listu?
recover-no-letter-text = Proszę przyjść do swojej Administracji z dokumentem tożsamości. Wydamy nowy list. Nigdy nie prosimy o podanie hasła ani kodów przez telefon.
recover-no-letter-link = Zobacz, gdzie jest Administracja
