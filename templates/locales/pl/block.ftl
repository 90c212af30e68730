# Strona pod linkiem „to nie ja” z e-maila. Otwarcie jej niczego nie zmienia.

block-ask = Zablokować konto?
    .what = Po zablokowaniu nikt się do konta nie zaloguje, także Pan/Pani, a wszystkie urządzenia i serwisy zostaną wylogowane.
    .next = Proszę nacisnąć przycisk, jeśli to nie Pan/Pani zmienia hasło lub odzyskuje dostęp. Konto odblokuje Administracja po sprawdzeniu dokumentu tożsamości.
block-button = Tak, zablokuj konto
block-leave = Nie, to byłem ja / byłam ja
block-blocked = Konto jest zablokowane
    .what = Od tej chwili nikt się do niego nie zaloguje. Wszystkie urządzenia i serwisy zostały wylogowane.
    .next = Proszę przyjść do swojej Administracji z dokumentem tożsamości. Razem sprawdzimy, co się stało, i odblokujemy konto.
block-already-blocked = Konto było już zablokowane
    .what = Nikt się do niego nie zaloguje. Nic więcej nie trzeba tu robić.
    .next = Żeby je odblokować, proszę przyjść do swojej Administracji z dokumentem tożsamości.
block-not-open = Tego konta nie trzeba blokować
    .what = Konto nie jest teraz otwarte i nikt nie może się do niego zalogować.
    .next = W razie pytań proszę zwrócić się do swojej Administracji.
block-link-is-over = Ten link stracił ważność
    .what = Link z e-maila działa tylko przez pewien czas. Konto nie zostało zablokowane.
    .next = Jeśli coś na koncie nadal niepokoi, proszę od razu zadzwonić lub przyjść do swojej Administracji. Zablokujemy konto na miejscu.
block-no-link = Ten link jest niepełny
    .what = Program pocztowy mógł uciąć jego część. Konto nie zostało zablokowane.
    .next = Proszę otworzyć link z e-maila jeszcze raz, w całości, albo od razu zadzwonić do swojej Administracji.
block-office = Pana/Pani Administracja
