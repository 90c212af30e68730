regulations-link = Regulamin
regulations-title = Regulamin, wersja { $version }
regulations-published = Obowiązuje od: { $date }.
regulations-not-in-force = Ta wersja już nie obowiązuje.
regulations-to-current = Przejdź do obowiązującej
regulations-others = Inne wersje
regulations-other = Wersja { $version } z dnia { $date }

regulations-accept-title = Nowy Regulamin
regulations-accept-lead = Regulamin się zmienił. Proszę przeczytać nową wersję i ją zaakceptować. Potem przejdzie Pan/Pani dalej.
regulations-accept-version = Wersja { $version }, obowiązuje od: { $date }.
regulations-accept-label = Akceptuję Regulamin w wersji { $version }.
regulations-accept-button = Akceptuję i przechodzę dalej
regulations-accept-not-now = Nie teraz?
regulations-accept-not-now-text = Bez akceptacji nie można korzystać z konta, ale nic nie przepada. Można się wylogować i wrócić później. W razie pytań proszę zwrócić się do swojej Administracji.

regulations-accept-not-ticked = Brakuje zgody na Regulamin.
    .next = Proszę zaznaczyć pole pod tekstem Regulaminu i nacisnąć przycisk jeszcze raz.
regulations-accept-form-expired = Regulamin nie został jeszcze zaakceptowany, bo ta strona była otwarta zbyt długo.
    .next = Proszę zaznaczyć pole jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
regulations-accept-outdated = W tej chwili weszła w życie jeszcze nowsza wersja Regulaminu.
    .next = Jest już na tej stronie. Proszę ją przeczytać i zaznaczyć pole pod tekstem.
