account-link = Moje konto
account-parts = Moje konto
account-part-data = Moje dane
account-part-password = Hasło
account-part-second-factors = Zabezpieczenie logowania
account-part-sessions = Urządzenia
account-part-access = Serwisy z dostępem
account-part-closure = Zamknięcie konta
account-moment = { office-date }, { $time }

account-title = Moje dane
account-name = Imię i nazwisko lub nazwa
account-organisation = Firma
account-login = Identyfikator
account-email = Adres e-mail
account-email-verified = potwierdzony
account-email-unverified = jeszcze niepotwierdzony
account-phone = Telefon
account-address = Adres
account-contractor-numbers = Numery kontrahenta
account-none = brak
account-premises = Lokale
account-no-premises = Dziś nie ma lokalu z tytułem prawnym powiązanym z tym kontem.
account-kind-residential = lokal mieszkalny
account-kind-commercial = lokal użytkowy
account-role-owner = właściciel
account-role-co-owner = współwłaściciel
account-role-tenant = najemca
account-role-lessee = dzierżawca
account-role-authorised-person = osoba upoważniona
account-role-proxy = pełnomocnik
account-title-contractor = numer kontrahenta: { $number }
account-title-from = od { $date }
account-title-through = do { $date }
account-office = Właściwa Administracja
account-wrong-data = Coś się nie zgadza? Dane poprawi Administracja.
account-offices = Administracje i godziny przyjęć
account-regulations = Zaakceptowany Regulamin
account-regulations-version = Regulamin, wersja { $version }
account-regulations-accepted = zaakceptowany: { $at }
account-export = Kopia moich danych
account-export-text = Może Pan/Pani pobrać plik ze wszystkimi danymi, które mamy w związku z tym kontem. Są w nim także lokale, urządzenia, zgody i historia konta. Proszę przechowywać go w bezpiecznym miejscu.
account-export-button = Pobierz kopię danych

account-password-title = Zmiana hasła
account-password-lead = Po zmianie hasła to urządzenie pozostanie zalogowane, a wszystkie inne zostaną wylogowane.
account-password-changed = Hasło zostało zmienione. Inne urządzenia zostały wylogowane.
account-password-forgotten = Obecne hasło jest nieznane?
account-password-forgotten-text = Nowe hasło można ustalić z listem odebranym w Administracji.
account-password-form-expired = Hasło nie zostało jeszcze zmienione, bo ta strona była otwarta zbyt długo.
    .next = Proszę wpisać hasła jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
account-password-overloaded = Hasło nie zostało jeszcze zmienione, bo w tej chwili korzysta z serwisu bardzo wiele osób.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.
account-password-used-up = Hasło nie zostało jeszcze zmienione, bo obecne hasło wpisano błędnie zbyt wiele razy.
    .next = Proszę odczekać i spróbować później albo ustalić nowe hasło z listem odebranym w Administracji.
present-password-label = Obecne hasło
present-password-missing = Proszę wpisać obecne hasło.
present-password-wrong = To nie jest obecne hasło. Proszę sprawdzić wielkie i małe litery i wpisać je jeszcze raz.
broken-is-same = Nowe hasło jest takie samo jak obecne. Proszę wybrać inne.

account-sessions-title = Urządzenia
account-sessions-lead = Na tych urządzeniach konto jest teraz zalogowane. Wylogowanie odbiera też dostęp serwisom otwartym na tym urządzeniu.
account-sessions-unknown = Nieznane urządzenie
account-sessions-this = to urządzenie
account-sessions-started = Zalogowano: { $at }
account-sessions-seen = Ostatnio używane: { $at }
account-sessions-end = Wyloguj to urządzenie
account-sessions-end-others = Wyloguj wszystkie inne
account-sessions-ended = Gotowe. Urządzenie jest wylogowane.
account-sessions-stranger = Jest tu coś obcego?
account-sessions-stranger-text = Proszę wylogować wszystkie inne urządzenia i od razu zmienić hasło.

account-access-title = Serwisy z dostępem
account-access-lead = Te serwisy mogą korzystać z danych z konta:
account-access-since = Od: { $at }.
account-access-by-consent = Za Pana/Pani zgodą.
account-access-own = To serwis { $company }; nie pyta o zgodę.
account-access-take-back = Odbierz dostęp
account-access-taken-back = Gotowe. Serwis nie ma już dostępu.
account-access-none = Żaden serwis nie ma teraz dostępu do danych z konta.
account-access-what = Co się stanie po odebraniu dostępu?
account-access-what-text = Serwis nie otrzyma już żadnych danych i przy następnej wizycie znowu poprosi o logowanie. To, co otrzymał wcześniej, może jeszcze mieć. W tej sprawie proszę zwrócić się do niego.

account-closure-title = Zamknięcie konta
account-closure-lead = Jeśli konto nie jest już potrzebne, może Pan/Pani poprosić o jego zamknięcie. Umowa i opłaty za lokal pozostają bez zmian.
account-closure-step-ask = Prosi Pan/Pani o zamknięcie konta na tej stronie. Do decyzji Administracji konto działa jak dotąd, a prośbę można wycofać.
account-closure-step-office = Administracja zamyka konto. Od tej chwili nie można się zalogować, a serwisy tracą dostęp. Jeśli mamy adres e-mail, napiszemy o tym.
account-closure-erased = Dane usuniemy { $months ->
        [one] miesiąc
        [few] { $months } miesiące
       *[many] { $months } miesięcy
    } po zamknięciu konta. Do tego czasu Administracja może konto przywrócić.
account-closure-consent = Tak samo wycofuje się zgodę na przetwarzanie danych: konto nie może bez nich działać, więc razem ze zgodą zostaje zamknięte. To, co zrobiono przed wycofaniem zgody, pozostaje zgodne z prawem.
account-closure-copy = Wcześniej warto pobrać kopię danych:
account-closure-reason = Dlaczego? (nieobowiązkowo)
account-closure-reason-too-long = Tekst jest za długi: może mieć najwyżej { $most } znaków.
account-closure-button = Proszę o zamknięcie konta
account-closure-requested = Prośba o zamknięcie konta jest w Administracji od: { $at }.
account-closure-requested-next = Konto działa, dopóki Administracja go nie zamknie. Prośbę można do tego czasu wycofać.
account-closure-take-back = Wycofuję prośbę
account-closure-faults = Prośba nie została jeszcze wysłana. Proszę poprawić:
account-closure-form-expired = Prośba nie została jeszcze wysłana, bo ta strona była otwarta zbyt długo.
    .next = Proszę wpisać hasło jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
account-closure-overloaded = Prośba nie została jeszcze wysłana, bo w tej chwili korzysta z serwisu bardzo wiele osób.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.
account-closure-used-up = Prośba nie została jeszcze wysłana, bo hasło wpisano błędnie zbyt wiele razy.
    .next = Proszę odczekać i spróbować później albo zwrócić się do Administracji.

account-second-factors-title = Zabezpieczenie logowania
account-second-factors-lead = Dodatkowe zabezpieczenie chroni konto nawet wtedy, gdy ktoś pozna hasło.
account-second-factors-optional = Jest dobrowolne.
account-second-factors-none = Do zalogowania wystarcza teraz hasło.
account-second-factors-asked = Serwis „{ $client }” wymaga dodatkowego zabezpieczenia. Proszę dodać jedno z poniższych, potem serwis się otworzy.
account-second-factors-app = Kody z aplikacji w telefonie
account-second-factors-codes-left = { $count ->
        [0] Nie ma już kodów zapasowych. Aby dostać nowe, proszę usunąć aplikację i dodać ją jeszcze raz.
        [one] Został jeden kod zapasowy.
        [few] Zostały { $count } kody zapasowe.
       *[many] Zostało { $count } kodów zapasowych.
    }
account-second-factors-passkey = Klucz dostępu
account-second-factors-added-at = Dodano: { $at }
account-second-factors-used-at = Ostatnie użycie: { $at }
account-second-factors-remove = Usuń
account-second-factors-confirm = Zmiana zabezpieczeń
account-second-factors-confirm-lead = Aby coś dodać lub usunąć, proszę najpierw podać hasło. Potem przez dziesięć minut nie będziemy o nie pytać.
account-second-factors-confirm-button = Potwierdź
account-second-factors-add = Dodaj zabezpieczenie
account-second-factors-passkey-text = Klucz dostępu to odcisk palca, twarz lub kod, którymi odblokowuje się telefon albo komputer. Można się nim logować bez wpisywania hasła. Radzimy dodać dwa klucze albo także aplikację: gdyby jeden się zgubił, drugi pozwoli wejść.
account-second-factors-name = Nazwa klucza
account-second-factors-name-hint = Na przykład „Mój telefon”. Może zostać puste.
account-second-factors-passkey-button = Dodaj klucz dostępu
account-second-factors-app-text = Aplikacja w telefonie pokazuje kod, o który zapytamy po haśle. Dostaje się też dziesięć kodów zapasowych na papier.
account-second-factors-app-button = Dodaj aplikację
account-second-factors-notice-added = Zabezpieczenie zostało dodane.
account-second-factors-notice-removed = Zabezpieczenie zostało usunięte.
account-second-factors-password-missing = Nic jeszcze nie zostało zmienione.
account-second-factors-password-wrong = Nic jeszcze nie zostało zmienione.
account-second-factors-form-expired = Nic nie zostało zmienione, bo ta strona była otwarta zbyt długo.
    .next = Proszę spróbować jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
account-second-factors-overloaded = Nic nie zostało zmienione, bo w tej chwili korzysta z serwisu bardzo wiele osób.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.
account-second-factors-used-up = Nic nie zostało zmienione, bo hasło wpisano błędnie zbyt wiele razy.
    .next = Proszę odczekać i spróbować później.
account-second-factors-confirm-first = Nic nie zostało zmienione, bo od podania hasła minęło ponad dziesięć minut.
    .next = Proszę podać hasło i spróbować jeszcze raz.
account-second-factors-passkey-refused = Klucz dostępu nie został dodany.
    .next = Być może jest już dodany albo należy do kogoś innego. Proszę spróbować z innym kluczem.
account-second-factors-too-many-passkeys = Klucz dostępu nie został dodany, bo jest ich już dwadzieścia.
    .next = Proszę najpierw usunąć klucz, który nie jest potrzebny.
account-second-factors-last-one = To zabezpieczenie musi pozostać.
    .next = Konto pracownika ma zawsze co najmniej jedno dodatkowe zabezpieczenie. Aby usunąć to, proszę najpierw dodać inne.
