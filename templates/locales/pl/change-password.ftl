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
broken-keyboard-walk = Hasło to kolejne klawisze na klawiaturze. Takie hasła są sprawdzane w pierwszej kolejności. Proszę wybrać coś mniej oczywistego.
broken-used-before = To hasło było już używane na tym koncie. Proszę ustalić takie, którego tu jeszcze nie było.
broken-repeat-differs = Hasła w obu polach różnią się od siebie. Proszę wpisać dwa razy to samo.

strength-0 = Siła wpisanego hasła: 0 z 4. Da się je odgadnąć od razu.
strength-1 = Siła wpisanego hasła: 1 z 4. Bardzo łatwo je odgadnąć.
strength-2 = Siła wpisanego hasła: 2 z 4. Wystarczy, ale może być lepsze.
strength-3 = Siła wpisanego hasła: 3 z 4. Dobre hasło.
strength-4 = Siła wpisanego hasła: 4 z 4. Bardzo dobre hasło.
strength-advice-keyboard = Klawisze leżące obok siebie łatwo odgadnąć.
strength-advice-repeats = Powtórzenia takie jak „aaa” prawie nic nie dają.
strength-advice-repeated-words = Powtórzenie tego samego słowa niewiele daje.
strength-advice-very-common = To jedno z najczęstszych haseł na świecie.
strength-advice-common = To hasło ma bardzo wiele osób.
strength-advice-like-a-common-one = Jest podobne do hasła, które ma bardzo wiele osób.
strength-advice-sequences = Ciągi takie jak „abc” lub „6543” łatwo odgadnąć.
strength-advice-years = Lata z ostatnich dziesięcioleci łatwo odgadnąć.
strength-advice-one-word = Jedno słowo to za mało.
strength-advice-dates = Daty łatwo odgadnąć.
strength-advice-names = Imiona i nazwiska łatwo odgadnąć.
strength-advice-more-words = Lepsze są dwa lub trzy krótkie słowa, które do siebie nie pasują.
strength-advice-capitals = Wielka litera na początku prawie nic nie daje. Lepiej wstawić ją w środku.
strength-advice-reversed = Słowo pisane wspak prawie tak samo łatwo odgadnąć.
strength-advice-substitutions = Zamiana „a” na „@” lub „o” na „0” prawie nic nie daje.
strength-advice-own-dates = Proszę nie używać dat i lat związanych z Panem/Panią.

change-password-form-expired = Hasło nie zostało jeszcze zmienione, bo ta strona była otwarta zbyt długo.
    .next = Proszę wpisać nowe hasło jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
change-password-overloaded = Hasło nie zostało jeszcze zmienione, bo w tej chwili korzysta z serwisu bardzo wiele osób.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz.
change-password-refused = Hasło nie zostało jeszcze zmienione, bo prób było zbyt wiele.
    .next = Proszę chwilę odczekać i spróbować jeszcze raz albo zadzwonić do Administracji.
