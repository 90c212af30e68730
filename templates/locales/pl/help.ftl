help-title = Pomoc w logowaniu

help-lost-title = Hasło zgubione lub zapomniane
help-lost-text = Proszę zrobić po kolei:
help-lost-letter = Odszukać list z hasłem, odebrany w Administracji. Będzie potrzebny, nawet jeśli hasło zostało już zmienione.
help-lost-recover = Otworzyć stronę odzyskiwania dostępu przyciskiem poniżej, przepisać dane z listu i ustalić nowe hasło.
help-lost-visit = Jeśli listu nie ma, przyjść do swojej Administracji z dokumentem tożsamości. O hasło i kody nigdy nie pytamy, także przez telefon.

help-locked-title = Konto zablokowane
help-locked-text = Po kilku błędnych hasłach logowanie jest na pewien czas blokowane, żeby nikt obcy nie mógł zgadywać.
help-locked-wait = Wystarczy odczekać { $minutes ->
        [one] { $minutes } minutę
        [few] { $minutes } minuty
       *[other] { $minutes } minut
    } i spróbować ponownie. Po kolejnych błędnych hasłach trwa to dłużej.
help-locked-office = Jeśli to pilne, proszę skorzystać z listu: przycisk powyżej zdejmuje blokadę od razu. Bez listu pomoże Administracja.

help-apply-title = Nie mam jeszcze konta
help-apply-text = Wniosek o konto można złożyć w internecie albo na papierze, w Administracji.
help-apply-paper = Formularz papierowy do wydrukowania

help-contact-title = Kontakt
help-own-office = Proszę zwrócić się do Administracji, w której został odebrany list z hasłem.
help-back = Przejdź do logowania
