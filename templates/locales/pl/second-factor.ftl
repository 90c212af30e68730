# Drugi składnik logowania: dla pracowników i dla kontrahentów, którzy go chcą.

second-factor-set-up-title = Drugi składnik logowania
second-factor-set-up-lead = Konto pracownika chroni oprócz hasła kod z telefonu. Ustawia się go raz, zajmuje to dwie minuty.
second-factor-step-app = Proszę zainstalować w telefonie aplikację uwierzytelniającą, na przykład Aegis, FreeOTP, Google Authenticator lub Microsoft Authenticator.
second-factor-step-scan = W aplikacji proszę dodać konto i zeskanować ten kod:
second-factor-step-type = Zamiast skanować, można wpisać w aplikacji klucz:
second-factor-step-code = Aplikacja pokaże sześć cyfr, co pół minuty inne. Proszę je wpisać poniżej.
second-factor-qr = Kod QR z kluczem, który jest też podany niżej tekstem
second-factor-set-up-label = Sześć cyfr z aplikacji

second-factor-prove-title = Kod z telefonu
second-factor-prove-lead = Hasło się zgadza. Proszę potwierdzić logowanie kodem.
second-factor-prove-label = Kod
second-factor-prove-hint = Sześć cyfr z aplikacji w telefonie albo jeden z kodów zapasowych.
second-factor-lost = Nie ma telefonu ani kodów? Proszę zwrócić się do administratora: pozwoli ustawić drugi składnik od nowa.
second-factor-button = Dalej

second-factor-codes-title = Kody zapasowe
second-factor-codes-lead = Gdyby telefon się zgubił, każdy z tych kodów raz zastąpi sześć cyfr. Pokazujemy je tylko teraz.
second-factor-codes-keep = Proszę je wydrukować lub przepisać i schować poza komputerem, na przykład w zamykanej szufladzie.
second-factor-codes-kept-elsewhere = Kody zapasowe zostały już pokazane w innym oknie i potwierdzone.
second-factor-codes-button = Kody są zapisane, dalej

second-factor-wrong = Ten kod nie pasuje.
    .next = Kod działa tylko raz i tylko pół minuty: proszę poczekać na następny i wpisać go. Jeśli żaden nie pasuje, proszę sprawdzić, czy telefon ma dokładną godzinę.
second-factor-form-expired = Ta strona była otwarta zbyt długo.
    .next = Proszę spróbować jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
second-factor-refused = Błędnych kodów było zbyt wiele, więc przez pewien czas nie sprawdzamy następnych.
    .next = Proszę odczekać kwadrans i spróbować jeszcze raz albo zwrócić się do administratora. Jeśli to nie Pan/Pani wpisuje kody, ktoś zna hasło do tego konta: proszę od razu powiedzieć o tym administratorowi.

# Dla kontrahentów, którzy sami wybrali dodatkowe zabezpieczenie.
second-factor-set-up-lead-own = Oprócz hasła konto będzie chronić kod z telefonu. Ustawia się go raz, zajmuje to dwie minuty.
second-factor-lost-own = Nie ma telefonu ani kodów zapasowych? Proszę zadzwonić lub przyjść do Administracji z dokumentem tożsamości: usuniemy to zabezpieczenie.
second-factor-refused-own = Błędnych kodów było zbyt wiele, więc przez pewien czas nie sprawdzamy następnych.
    .next = Proszę odczekać kwadrans i spróbować jeszcze raz albo zadzwonić do Administracji. Jeśli to nie Pan/Pani wpisuje kody, ktoś zna hasło do tego konta: proszę zmienić hasło.
second-factor-asked = Serwis „{ $client }” prosi o dodatkowe potwierdzenie, że to Pan/Pani.
second-factor-decline = Wróć do serwisu „{ $client }” bez potwierdzania
second-factor-passkey-button = Użyj klucza dostępu
second-factor-passkey-unknown = Ta przeglądarka nie obsługuje kluczy dostępu. Proszę użyć innej przeglądarki, kodu z telefonu lub kodu zapasowego albo zadzwonić do Administracji.
second-factor-passkey-no-script = Klucz dostępu działa tylko z włączonym JavaScriptem. Proszę go włączyć, użyć kodu z telefonu lub kodu zapasowego albo zadzwonić do Administracji.
second-factor-passkey-refused = Nie udało się potwierdzić kluczem dostępu.
    .next = Proszę nacisnąć przycisk jeszcze raz. Jeśli to nie pomoże, proszę użyć innego klucza albo kodu.

passkey-failed = Klucz dostępu nie został użyty. Proszę nacisnąć przycisk jeszcze raz.
passkey-unknown = Ta przeglądarka nie obsługuje kluczy dostępu. Można użyć aplikacji z kodami.
passkey-no-script = Klucze dostępu działają tylko z włączonym JavaScriptem. Bez niego można użyć aplikacji z kodami.
