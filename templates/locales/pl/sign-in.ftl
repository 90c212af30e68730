sign-in-title = Logowanie
sign-in-for = Po zalogowaniu otworzy się serwis „{ $client }”.
sign-in-again = Dla bezpieczeństwa prosimy o ponowne podanie hasła.
sign-in-again-for = Dla bezpieczeństwa serwis „{ $client }” prosi o ponowne podanie hasła.
login-label = Identyfikator
login-hint = Jest podany w liście z hasłem, odebranym w Administracji.
password-label = Hasło
sign-in-button = Zaloguj się

# Jeden tekst dla złego hasła, nieznanego identyfikatora i blokady: nikt obcy nie może się dowiedzieć, co się stało.
sign-in-refused = Nie udało się zalogować: identyfikator lub hasło są nieprawidłowe albo logowanie jest na pewien czas zablokowane.
    .next = Proszę sprawdzić, co zostało wpisane, i spróbować jeszcze raz. Jeśli to nie pomoże, proszę chwilę odczekać, sięgnąć po list z hasłem albo zadzwonić do Administracji.
sign-in-form-expired = Ta strona była otwarta zbyt długo i formularz stracił ważność.
    .next = Proszę jeszcze raz podać identyfikator i hasło. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
sign-in-overloaded = W tej chwili loguje się bardzo wiele osób.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.

sign-in-passkey-button = Zaloguj się kluczem dostępu
sign-in-passkey-refused = Nie udało się zalogować kluczem dostępu.
    .next = Proszę nacisnąć przycisk jeszcze raz albo zalogować się identyfikatorem i hasłem.

sign-in-notice-signed-out = Wylogowanie się powiodło.
sign-in-notice-password-already-changed = Hasło jest już zmienione. Proszę zalogować się nowym hasłem.

trouble-title = Kłopot z logowaniem?
trouble-letter = Z listem z hasłem, odebranym w Administracji, można od razu ustalić nowe hasło i zdjąć blokadę.
trouble-locked = Blokada po kilku pomyłkach mija też sama, po pewnym czasie.
recover-link = Nie pamiętam hasła albo konto jest zablokowane
trouble-link = Zobacz, co zrobić krok po kroku
