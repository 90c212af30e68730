change-password-title = Nowe hasło
change-password-lead = Hasło z listu służy tylko na początek. Proszę ustalić własne, którego nie zna nikt inny.
change-password-recovered = List się zgadza, a blokada, jeśli była, jest zdjęta. Proszę ustalić nowe hasło: dotychczasowe już nie działa.
change-password-codes-left = Użyty kod proszę skreślić w liście. { $codes ->
        [one] Został jeszcze { $codes } kod.
        [few] Zostały jeszcze { $codes } kody.
       *[other] Zostało jeszcze { $codes } kodów.
    }
change-password-no-codes-left = To był ostatni kod z listu. Proszę poprosić w swojej Administracji o nowy list, zanim znów będzie potrzebny.
change-password-from-before = Starszy list jest już zużyty. Poprosiliśmy Administrację o przygotowanie nowego. Proszę odebrać go osobiście z dokumentem tożsamości.
new-password-label = Nowe hasło
new-password-repeat-label = Nowe hasło jeszcze raz
change-password-button = Zapisz nowe hasło
change-password-not-you = Identyfikator { $login } to nie Pan/Pani?

rules-must = Hasło musi zawierać:
rule-length = od { $minimum } do { $maximum ->
        [one] { $maximum } znaku
       *[other] { $maximum } znaków
    }
rule-lower-case = małą literę
rule-upper-case = wielką literę
rule-digit = cyfrę
rule-special = znak specjalny, na przykład ! # $
rules-must-not = Nie może to być hasło z listu, hasło z identyfikatorem w środku ani hasło łatwe do odgadnięcia, takie jak imię lub nazwa miesiąca z cyframi.

change-password-rules = Hasło nie zostało jeszcze zmienione. Proszę poprawić:
broken-too-short = Hasło jest za krótkie: potrzeba co najmniej { $minimum ->
        [one] { $minimum } znaku.
       *[other] { $minimum } znaków.
    }
broken-too-long = Hasło jest za długie: może mieć najwyżej { $maximum ->
        [one] { $maximum } znak.
        [few] { $maximum } znaki.
       *[other] { $maximum } znaków.
    }
broken-no-lower-case = W haśle brakuje małej litery.
broken-no-upper-case = W haśle brakuje wielkiej litery.
broken-no-digit = W haśle brakuje cyfry.
broken-no-special = W haśle brakuje znaku specjalnego, na przykład ! # $
broken-unprintable = W haśle jest znak, którego nie widać. Proszę wpisać hasło z klawiatury jeszcze raz.
broken-is-initial-password = To jest hasło z listu. Nowe hasło musi być inne.
broken-contains-login = Hasło nie może zawierać identyfikatora.
broken-denied-word = Hasło składa się z łatwego do odgadnięcia słowa, takiego jak imię, nazwa miesiąca lub słowo „hasło”, i dodatków. Proszę wybrać coś mniej oczywistego.
broken-too-guessable = Hasło jest zbyt łatwe do odgadnięcia. Proszę unikać popularnych słów, powtórzeń i kolejnych znaków, takich jak 1234.
broken-repeat-differs = Hasła w obu polach różnią się od siebie. Proszę wpisać dwa razy to samo.

change-password-form-expired = Hasło nie zostało jeszcze zmienione, bo ta strona była otwarta zbyt długo.
    .next = Proszę wpisać nowe hasło jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
change-password-overloaded = Hasło nie zostało jeszcze zmienione, bo w tej chwili korzysta z serwisu bardzo wiele osób.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.
change-password-refused = Hasło nie zostało jeszcze zmienione, bo prób było zbyt wiele.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz albo zadzwonić do Administracji.
