apply-link = Nie mam konta – złóż wniosek
apply-title = Wniosek o konto
apply-lead = Konto może założyć właściciel, współwłaściciel, najemca lub dzierżawca lokalu, a także osoba, która działa w ich imieniu.
apply-step-form = Proszę wypełnić ten formularz.
apply-step-link = Wyślemy wiadomość e-mail z linkiem. Trzeba go otworzyć i potwierdzić adres – dopiero wtedy wniosek do nas trafi.
apply-step-office = Gdy konto będzie gotowe, napiszemy, kiedy odebrać w Administracji list z hasłem.
apply-paper-link = Wolę formularz papierowy do wydrukowania
apply-optional = (jeśli dotyczy)
apply-button = Wyślij wniosek

apply-who = Kto składa wniosek
apply-applicant-label = Wniosek składa
apply-applicant-person = osoba prywatna
apply-applicant-firm = firma lub instytucja
apply-organisation-name-label = Nazwa firmy lub instytucji
apply-organisation-name-hint = Tylko gdy wniosek składa firma lub instytucja. Niżej proszę podać osobę, która ją reprezentuje.
apply-given-name-label = Imię
apply-given-name-hint = Tak jak w dowodzie osobistym.
apply-family-name-label = Nazwisko
apply-contractor-number-label = Numer kontrahenta
apply-contractor-number-hint = Jest na zawiadomieniu o opłatach. Jeśli nie ma go pod ręką, proszę zostawić puste pole.

apply-premises = Lokal
apply-street-label = Ulica, numer domu i lokalu
apply-street-hint = Na przykład: ul. Katowicka 12/4
apply-postal-code-label = Kod pocztowy
apply-postal-code-hint = Na przykład: 41-600
apply-city-label = Miejscowość
apply-title-role-label = Kim jest Pan/Pani dla tego lokalu?
apply-title-role-owner = właścicielem
apply-title-role-co-owner = współwłaścicielem
apply-title-role-tenant = najemcą
apply-title-role-lessee = dzierżawcą
apply-title-role-authorised-person = osobą upoważnioną
apply-title-role-proxy = pełnomocnikiem
apply-office-label = Administracja
apply-office-hint = Ta, która zajmuje się tym lokalem. Tam będzie czekał list z hasłem.
apply-office-choose = Proszę wybrać z listy

apply-contact = Kontakt
apply-email-label = Adres e-mail
apply-email-hint = Na ten adres wyślemy link. Na przykład: jan.kowalski@poczta.pl
apply-email-fixed = Tego adresu nie można tu zmienić, bo jest już potwierdzony. Jeśli się zmienił, proszę wycofać wniosek i złożyć nowy.
apply-has-no-email = Nie mam adresu e-mail
apply-phone-number-label = Numer telefonu
apply-phone-number-hint = Zadzwonimy tylko wtedy, gdy coś będzie niejasne.

apply-consent = Regulamin
apply-regulations-read = Przeczytaj Regulamin, wersja { $version } (otwiera się w nowej karcie)
apply-regulations-label = Akceptuję Regulamin w wersji { $version }.

apply-fields = Wniosek nie został jeszcze wysłany. Proszę poprawić:
apply-form-expired = Wniosek nie został jeszcze wysłany, bo ta strona była otwarta zbyt długo.
    .next = Wpisane dane są nadal w formularzu. Proszę wysłać go jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
apply-too-many = Wniosek nie został jeszcze wysłany, bo z tej sieci przyszło ich w ostatniej chwili bardzo dużo.
    .next = Wpisane dane są nadal w formularzu. Proszę wysłać go o godz. { $at } lub później albo zadzwonić do swojej Administracji.

apply-problem-too-long = { $label }: wpis jest za długi. Proszę go skrócić do { $most } { $most ->
        [one] znaku
       *[other] znaków
    }.
apply-problem-unprintable = { $label }: we wpisie jest znak, którego nie widać. Proszę wpisać to z klawiatury jeszcze raz.
apply-applicant-missing = Proszę zaznaczyć, czy wniosek składa osoba prywatna, czy firma.
apply-organisation-name-missing = Proszę wpisać nazwę firmy lub instytucji.
apply-organisation-name-not-plausible = W nazwie firmy brakuje liter. Proszę wpisać pełną nazwę.
apply-given-name-missing = Proszę wpisać imię.
apply-given-name-not-plausible = W imieniu brakuje liter. Proszę wpisać je jeszcze raz.
apply-family-name-missing = Proszę wpisać nazwisko.
apply-family-name-not-plausible = W nazwisku brakuje liter. Proszę wpisać je jeszcze raz.
apply-contractor-number-not-plausible = Numer kontrahenta ma w sobie cyfry. Jeśli nie ma go pod ręką, proszę zostawić puste pole.
apply-street-missing = Proszę wpisać ulicę z numerem domu i lokalu.
apply-street-not-plausible = Brakuje nazwy ulicy. Proszę wpisać ją razem z numerem, na przykład: ul. Katowicka 12/4
apply-postal-code-missing = Proszę wpisać kod pocztowy.
apply-postal-code-not-postal-code = Kod pocztowy ma pięć cyfr, na przykład: 41-600. Proszę go poprawić.
apply-city-missing = Proszę wpisać miejscowość.
apply-city-not-plausible = W nazwie miejscowości brakuje liter. Proszę wpisać ją jeszcze raz.
apply-title-role-missing = Proszę zaznaczyć, kim jest Pan/Pani dla tego lokalu.
apply-office-missing = Proszę wybrać Administrację z listy.
apply-office-not-on-the-list = Wybranej Administracji nie ma już na liście. Proszę wybrać inną.
apply-email-missing = Proszę wpisać adres e-mail albo zaznaczyć, że go nie ma.
apply-email-not-email = W adresie e-mail coś się nie zgadza. Powinien wyglądać na przykład tak: jan.kowalski@poczta.pl
apply-email-needed-online = Bez adresu e-mail nie możemy wysłać linku. Proszę wydrukować formularz papierowy albo przyjść do Administracji – chętnie pomożemy.
apply-email-contradicted = Jest wpisany adres e-mail i zaznaczone, że go nie ma. Proszę zostawić jedno z dwojga.
apply-phone-number-not-phone-number = W numerze telefonu coś się nie zgadza. Polski numer ma dziewięć cyfr.
apply-phone-number-needed-without-email = Bez adresu e-mail potrzebny jest numer telefonu, żebyśmy mogli odpowiedzieć.
apply-regulations-not-accepted = Proszę przeczytać Regulamin i zaznaczyć zgodę.
apply-regulations-changed = Regulamin właśnie się zmienił. Proszę przeczytać nową wersję i zaznaczyć zgodę jeszcze raz.

apply-sent-title = Prawie gotowe – proszę sprawdzić pocztę
apply-sent-text = Na podany adres wysłaliśmy wiadomość e-mail z linkiem. Link działa przez { $hours } { $hours ->
        [one] godzinę
        [few] godziny
       *[other] godzin
    }.
apply-sent-press = Proszę otworzyć link i nacisnąć przycisk na stronie, która się pokaże. Dopiero wtedy wniosek do nas trafi.
apply-sent-nothing = Wiadomości nie ma?
apply-sent-spam = Proszę odczekać kilkanaście minut i zajrzeć do folderu „Spam” lub „Oferty”.
apply-sent-typo = W adresie mogła być pomyłka. Wtedy wystarczy wypełnić wniosek jeszcze raz.
apply-sent-call = Można też zadzwonić lub przyjść do swojej Administracji.
apply-sent-expires = Wniosek, którego nikt nie potwierdzi przez { $days } { $days ->
        [one] dzień
       *[other] dni
    }, traci ważność.
apply-sent-again = Wypełnij wniosek jeszcze raz

apply-confirm-title = Potwierdzenie wniosku
apply-confirm-text = Wniosek o konto z dnia { $date } czeka na potwierdzenie adresu e-mail. Po naciśnięciu przycisku trafi do Administracji.
apply-confirm-button = Potwierdzam i składam wniosek
apply-confirm-old = Ten link stracił już ważność, ale wniosek z dnia { $date } nadal czeka na potwierdzenie. Możemy wysłać nowy link na ten sam adres.
apply-confirm-new-link = Wyślij mi nowy link
apply-confirm-not-you = Jeśli to nie Pan/Pani składa ten wniosek, proszę zamknąć tę stronę. Bez potwierdzenia wniosek sam straci ważność.
apply-confirm-form-expired = Nic się jeszcze nie zmieniło, bo ta strona była otwarta zbyt długo.
    .next = Proszę nacisnąć przycisk jeszcze raz. Jeśli ten komunikat wraca, proszę włączyć w przeglądarce pliki cookie (ciasteczka).
apply-confirm-too-many = Link nie został jeszcze wysłany, bo z tej sieci przyszło bardzo dużo takich próśb.
    .next = Proszę spróbować o godz. { $at } lub później albo zadzwonić do swojej Administracji.

apply-status-title = Wniosek o konto
apply-status-email-pending = Wniosek czeka na potwierdzenie adresu e-mail.
    .next = Proszę otworzyć link z wiadomości, którą wysłaliśmy, i nacisnąć przycisk na stronie.
apply-status-submitted = Wniosek jest u nas i czeka na decyzję.
    .next = Nie trzeba nic robić. O decyzji napiszemy.
apply-status-needs-correction = Wniosek trzeba poprawić.
    .reason = Administracja prosi:
    .next = Proszę poprawić wniosek na stronie poniżej. Wpisane dane już w nim są.
    .since = Prośba o poprawienie: { $date }.
apply-status-approved = Konto jest założone.
    .next = List z hasłem odbiera się osobiście w Administracji, z dokumentem tożsamości. Jeśli list jest już odebrany, można się zalogować.
    .since = Decyzja: { $date }.
apply-status-rejected = Wniosek został odrzucony.
    .reason = Powód:
    .next = Jeśli to pomyłka, proszę zadzwonić lub przyjść do Administracji. Można też złożyć nowy wniosek.
    .since = Decyzja: { $date }.
apply-status-expired = Wniosek stracił ważność, bo adres e-mail nie został na czas potwierdzony.
    .next = Nic się nie stało – można złożyć nowy wniosek.
    .since = Utrata ważności: { $date }.
apply-status-withdrawn = Wniosek jest wycofany.
    .next = Nie trzeba nic robić. W każdej chwili można złożyć nowy wniosek.
    .since = Wycofanie: { $date }.
apply-status-dates = Przebieg
apply-status-filed-on = Wypełnienie wniosku: { $date }.
apply-status-submitted-on = Wniosek trafił do nas: { $date }.
apply-status-office = Administracja, która zajmuje się wnioskiem
apply-status-correct = Popraw wniosek

apply-notice-confirmed = Dziękujemy. Adres jest potwierdzony, a wniosek złożony.
apply-notice-already-confirmed = Adres był już wcześniej potwierdzony. Niżej widać, co dzieje się z wnioskiem.
apply-notice-corrected = Dziękujemy. Poprawiony wniosek jest u nas.
apply-notice-nothing-to-correct = W tym wniosku nie ma teraz nic do poprawienia. Niżej widać, co się z nim dzieje.
apply-notice-not-withdrawn = Wniosku nie można już wycofać. Niżej widać, co się z nim dzieje.

apply-withdraw-title = Wycofanie wniosku
apply-withdraw-text = Konto nie jest już potrzebne albo coś trzeba zmienić?
apply-withdraw-ask = Wycofaj wniosek
apply-withdraw-sure = Czy na pewno wycofać wniosek? Nie będzie można tego cofnąć, ale nowy wniosek można złożyć w każdej chwili.
apply-withdraw-button = Tak, wycofuję wniosek
apply-withdraw-stay = Nie, zostawiam wniosek

apply-correct-title = Poprawienie wniosku
apply-correct-lead = Administracja prosi o poprawienie wniosku:
apply-correct-button = Wyślij poprawiony wniosek

apply-paper-title = Wniosek o konto w { $product }
apply-paper-how = Tę stronę można wydrukować (w menu przeglądarki: Drukuj), wypełnić długopisem i zanieść do swojej Administracji. Formularze są też na miejscu.
apply-paper-online = Wolę wypełnić wniosek w internecie
apply-paper-to = { $company }. Proszę wypełnić drukowanymi literami i zaznaczyć właściwe pola krzyżykiem.
apply-paper-contractor-number = Numer kontrahenta (jeśli jest znany)
apply-paper-city = Kod pocztowy i miejscowość
apply-paper-office = Nazwa Administracji
apply-paper-regulations = Akceptuję Regulamin { $product }.
apply-paper-signature = Data i czytelny podpis
apply-paper-identity = Nie trzeba podawać numeru PESEL ani numeru dowodu osobistego.
apply-paper-where = Gdzie złożyć wniosek
apply-paper-own-office = Proszę złożyć wniosek w swojej Administracji.
