# Listy z hasłem: wydruk, odbiór, przegląd.

office-nav-letters = Listy do wydruku
office-nav-collection = Odbiór listu
office-nav-review = Do przeglądu

stamp-day = { $day }.{ $month }.{ $year }

document-identity-card = dowód osobisty
document-mobile-identity-card = mDowód w mObywatelu
document-passport = paszport
document-residence-card = karta pobytu
document-driving-licence = prawo jazdy

letters-title = Listy z hasłem
letters-offices = Wybór Administracji
letters-all-offices = Wszystkie Administracje
letters-to-print = Do wydrukowania
letters-once = Treść listu powstaje w chwili wydruku i nie jest nigdzie zapisywana. Strony z listami nie można odświeżyć ani otworzyć drugi raz.
letters-for = Dla kogo
letters-login = Identyfikator
letters-office = Administracja
letters-kind = Rodzaj
letters-kind-first = pierwszy list
letters-kind-reissue = nowy list zamiast dotychczasowego
letters-ordered = Zamówiono
letters-serial = Numer listu
letters-printed = Wydrukowano
letters-until = Odbiór do
letters-print = Drukuj zaznaczone
letters-print-today = Drukuj wszystkie zamówione dzisiaj
letters-nothing-to-print = Wszystko jest wydrukowane.
letters-waiting = Wydrukowane, czekają na odbiór
letters-again-lead = Jeśli wydruk się nie udał albo strona została zamknięta, proszę wydrukować list ponownie. Powstanie nowe hasło i nowy numer, a wcześniejszy list przestanie działać: proszę go zniszczyć.
letters-print-again = Drukuj zaznaczone ponownie
letters-nothing-waits = Żaden list nie czeka na odbiór.
letters-days-left = { $days ->
        [0] dziś ostatni dzień
        [one] został { $days } dzień
        [few] zostały { $days } dni
       *[other] zostało { $days } dni
    }
letters-overdue = po terminie
letters-cut = Widać tylko najstarsze listy. Następne pojawią się, gdy te zostaną załatwione.
letters-nothing-chosen = Nie wybrano żadnego listu.
    .next = Proszę zaznaczyć osoby na liście i nacisnąć przycisk jeszcze raz.
letters-too-many = Wybrano za dużo listów naraz.
    .next = Jednym naciśnięciem można wydrukować najwyżej { $number }. Nic nie zostało wydrukowane.
letters-form-expired = Strona była otwarta zbyt długo.
    .next = Nic się nie zmieniło. Proszę zaznaczyć listy i nacisnąć przycisk jeszcze raz.

letters-printed-title = Wydruk listów z hasłem
letters-printed-lead = Liczba listów: { $number }. Każdy zajmuje jedną stronę A4.
letters-printed-wait = Proszę poczekać, aż pod ostatnim listem pojawi się napis „To już wszystkie”.
letters-printed-print = Proszę wydrukować stronę (Ctrl + P).
letters-printed-check = Proszę sprawdzić wydruk, zanim strona zostanie zamknięta.
letters-printed-once = Tej strony nie da się pokazać drugi raz. Jeśli coś się nie wydrukuje, proszę wybrać list wśród czekających na odbiór i wydrukować go ponownie: powstanie nowe hasło, a wcześniejszy wydruk przestanie działać.
letters-progress = List { $number } z { $total }
letters-printed-all = To już wszystkie.
letters-printed-back = Wróć do wydruku listów

letter-missing = Tego listu nie wydrukowano.
letter-missing-for = Nie wydrukowano listu dla konta { $login }.
letter-missing-unknown = Nie ma takiego zamówienia albo należy ono do innej Administracji.
letter-missing-own-account = To Pani lub Pana własne konto. List musi wydrukować ktoś inny.
letter-missing-newer = Jest już nowszy list, numer { $serial }: { $by }, { $at }. Tylko on jest ważny. Jeśli zaginął, proszę wydrukować go ponownie: jest wśród czekających na odbiór.
letter-missing-order-ended = Zamówienie jest już zakończone: list odebrano albo zamówienie cofnięto.
letter-missing-not-approved = Zamówienie czeka jeszcze na zgodę drugiej osoby.
letter-missing-account-not-ready = Konto jest zawieszone albo usunięte.
letter-missing-overloaded = Serwer jest w tej chwili zbyt zajęty. Zamówienie pozostaje na liście; proszę spróbować za chwilę.
letter-missing-failed = Wystąpił błąd po naszej stronie. Zamówienie pozostaje na liście; proszę spróbować za chwilę.

letter-to = Dla:
letter-title = Hasło pierwotne do { $product } ({ $product_full })
letter-login = Identyfikator
letter-password = Hasło pierwotne
letter-serial = Numer listu
letter-now = Co zrobić teraz
letter-now-open = Proszę otworzyć w przeglądarce adres (albo zeskanować kod obok hasła):
letter-now-type = Proszę wpisać identyfikator i hasło pierwotne.
letter-now-choose = Proszę wybrać własne hasło. Od tej chwili hasło pierwotne już nie działa.
letter-keep = Ten list proszę zachować
letter-keep-why = Będzie potrzebny, gdy hasło zostanie zapomniane albo konto zablokowane. Wystarczy podać identyfikator, numer listu i kolejny nieużyty kod; każdy kod działa jeden raz. Adres:
letter-never = Proszę nikomu nie podawać hasła ani kodów.
letter-never-why = Nasi pracownicy nigdy o nie nie pytają, ani telefonicznie, ani w wiadomościach. Zgubiony list proszę od razu zgłosić w Administracji.
letter-cut = Tu odciąć. Część dla Administracji. Odbiór do { $date }.
letter-receipt = Potwierdzenie odbioru.
letter-receipt-says = Odebrałam/odebrałem list z hasłem pierwotnym. Okazano dokument tożsamości:
letter-receipt-date = data
letter-receipt-person = podpis osoby odbierającej
letter-receipt-clerk = podpis pracownika

collection-title = Odbiór listu z hasłem
collection-find = Numer z listu
collection-serial = Numer listu
collection-serial-hint = 10 znaków, na przykład 34567-89AB9. Wielkość liter i odstępy nie mają znaczenia.
collection-show = Pokaż list
collection-done = Odbiór zapisany: { $name }, identyfikator { $login }. Hasło pierwotne już działa.
collection-length = Numer listu ma 10 znaków, a wpisano { $found }.
    .next = Proszę przepisać cały numer z listu.
collection-character = Znak „{ $character }” nie występuje w żadnym numerze.
    .next = W numerach nie ma między innymi cyfr 0 i 1 ani liter I i O. Proszę sprawdzić ten znak.
collection-check = W numerze jest literówka.
    .next = Jeden znak jest inny albo dwa są zamienione miejscami. Proszę porównać numer z listem.
collection-unknown = Nie ma listu o takim numerze.
    .next = Proszę porównać numer z listem. Jeśli się zgadza, list nie pochodzi od nas: proszę go zatrzymać i zawiadomić przełożonego.
collection-other-office = Ten list wydaje { $office }.
    .next = Proszę skierować tam osobę, która przyszła po list.
collection-no-office = Ten list wydaje inna Administracja.
    .next = Proszę zapytać przełożonego, która.
collection-form-expired = Strona była otwarta zbyt długo.
    .next = Nic nie zostało zapisane. Proszę nacisnąć przycisk jeszcze raz.
collection-incomplete = Odbiór nie jest jeszcze zapisany.
collection-no-document = Proszę zaznaczyć, jaki dokument tożsamości okazano.
collection-not-signed = Proszę potwierdzić, że pokwitowanie jest podpisane.
collection-lead = Proszę sprawdzić, czy osoba na dokumencie tożsamości to ta, dla której jest ten list. Numeru dokumentu tożsamości nie zapisujemy.
collection-document = Jaki dokument tożsamości okazano?
collection-signed = Pokwitowanie jest podpisane i zostaje w Administracji
collection-then = Od zapisania odbioru działa hasło pierwotne z tego listu. Zapisu nie można cofnąć.
collection-hand-over = Zapisz odbiór
collection-refused-voided-replaced = Ten list unieważniono { $at }, bo wydrukowano nowszy.
    .next = Proszę go zniszczyć i wydać nowszy.
collection-refused-voided-lapsed = Ten list unieważniono { $at }, bo nie odebrano go w terminie.
    .next = Proszę go zniszczyć i zamówić nowy list.
collection-refused-voided-closed = Ten list unieważniono { $at }, bo konto zamknięto.
    .next = Proszę go zniszczyć.
collection-refused-voided = Ten list unieważniono { $at }.
    .next = Proszę go zniszczyć. Nowy można zamówić na karcie konta.
collection-refused-collected = Ten list już odebrano: { $at }, wydał(a) { $by }.
    .next = Jeśli ta osoba go nie ma, proszę zamówić nowy list.
collection-refused-printed-by-yourself = Ten list zamówiła lub wydrukowała Pani (zamówił lub wydrukował Pan) osobiście.
    .next = Odbiór zapisuje inna osoba niż ta, która drukowała. Proszę poprosić koleżankę lub kolegę.
collection-refused-own-account = To list do Pani lub Pana własnego konta.
    .next = Odbiór musi zapisać ktoś inny.
collection-refused-suspended = Konto jest zawieszone.
    .next = List można wydać dopiero po przywróceniu konta.
collection-refused-account-ended = Konto jest zamknięte.
    .next = Jeśli ma zostać otwarte ponownie, proszę zamówić nowy list.
collection-refused-no-order = Tego listu nie można wydać.
    .next = Nie pochodzi z bieżącego zamówienia. W razie potrzeby proszę zamówić nowy list.

review-alone-title = Zrobione przez jedną osobę
review-alone-lead = W każdej z tych spraw oba kroki zrobiła ta sama osoba. Proszę porównać je z podpisanymi wnioskami i pokwitowaniami, a w razie wątpliwości zadzwonić do kontrahenta.
review-alone-what = Co
review-alone-application = Wniosek na papierze: wpisany i przyjęty
review-alone-order = Nowy list: zamówiony i zatwierdzony
review-alone-letter = List: wydrukowany i wydany
review-alone-by = Kto
review-alone-first = Pierwszy krok
review-alone-then = Drugi krok
review-alone-look = Przegląd
review-alone-own = Zrobione osobiście: przegląda ktoś inny
review-alone-button = Sprawdzone
review-alone-button-for = Sprawdzone: { $name }, { $what }
review-alone-nothing = Nie ma nic do przejrzenia.
review-alone-form-expired = Strona była otwarta zbyt długo. Nic się nie zmieniło; proszę nacisnąć przycisk jeszcze raz.
review-alone-not-waiting = Ta sprawa nie czeka już na przegląd albo musi ją przejrzeć ktoś inny.
