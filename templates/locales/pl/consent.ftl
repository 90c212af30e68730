consent-title = Zgoda na przekazanie danych
consent-lead = Serwis „{ $client }” prosi o następujące dane:
scope-openid = stały numer, po którym serwis rozpozna to konto następnym razem; nie zdradza on identyfikatora
scope-profile = imię i nazwisko oraz inne podstawowe dane z konta
scope-email = adres e-mail
scope-phone = numer telefonu
scope-address = adres zamieszkania lub korespondencji
scope-iok = numery kontrahenta, lokale z tytułem prawnym do nich i właściwa Administracja
scope-offline-access = dostęp do tych danych także wtedy, gdy serwis nie jest otwarty
claim-name = imię i nazwisko
claim-given-name = imię
claim-family-name = nazwisko
claim-middle-name = drugie imię
claim-nickname = zdrobnienie lub pseudonim
claim-preferred-username = nazwa używana w serwisach
claim-profile = adres strony z profilem
claim-picture = zdjęcie
claim-website = adres własnej strony
claim-gender = płeć
claim-birthdate = data urodzenia
claim-zoneinfo = strefa czasowa
claim-locale = język
claim-updated-at = data ostatniej zmiany danych
claim-email = adres e-mail
claim-email-verified = czy adres e-mail jest potwierdzony
claim-phone-number = numer telefonu
claim-phone-number-verified = czy numer telefonu jest potwierdzony
claim-address = adres zamieszkania lub korespondencji
claim-contractor-numbers = numery kontrahenta
claim-premises = lokale z tytułem prawnym do nich
claim-office = właściwa Administracja
consent-lasts = Jak długo?
consent-lasts-signed-in = Dopóki to urządzenie jest zalogowane. Po wylogowaniu serwis nie dostanie już nowych danych.
consent-lasts-until-taken-back = Do odebrania dostępu, także po wylogowaniu; najdłużej { $days ->
        [1] jeden dzień
        [365] rok
       *[other] { $days } dni
    }.
consent-take-back = Zgodę można w każdej chwili wycofać: strona główna, „Moje konto”, „Serwisy z dostępem”.
consent-question = Czy zgadza się Pan/Pani na przekazanie tych danych?
consent-approve = Zgadzam się
consent-deny = Nie zgadzam się
