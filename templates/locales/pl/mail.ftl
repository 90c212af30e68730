# Listy e-mail. Krótko i uprzejmie (Pan/Pani): co się stało i co zrobić dalej. Nigdy identyfikatora, hasła, numeru ani kodów z listu.

mail-greeting = Dzień dobry,
mail-regards = Z poważaniem
mail-call = Telefon: { $phone }
mail-link-copy = Jeśli przycisk nie działa, proszę skopiować ten adres do przeglądarki:
mail-link-harmless = Samo otwarcie linku niczego nie zmienia. Działa dopiero przycisk na stronie, która się otworzy.
mail-addressee = To jest wiadomość dla: { $name }. Wysłał ją automatycznie serwis { $product_full }.
mail-never-asked = Nigdy nie prosimy o hasło ani o kody z listu: ani w e-mailach, ani przez telefon.

mail-date = { $day } { $month ->
        [1] stycznia
        [2] lutego
        [3] marca
        [4] kwietnia
        [5] maja
        [6] czerwca
        [7] lipca
        [8] sierpnia
        [9] września
        [10] października
        [11] listopada
       *[12] grudnia
    } { $year }
mail-weekday = { $weekday ->
        [1] poniedziałek
        [2] wtorek
        [3] środa
        [4] czwartek
        [5] piątek
        [6] sobota
       *[7] niedziela
    }
mail-moment = { $date }, godz. { $time }
mail-office-address = Adres: { $address }
mail-office-phone = Telefon: { $phone }
mail-office-hours = Godziny otwarcia: { $hours }
mail-office-next = Najbliższy dzień otwarcia: { $weekday }, { $date }, { $hours }

mail-confirm-application-subject = { $product }: proszę potwierdzić adres e-mail
mail-confirm-application-heading = Jeszcze jeden krok: potwierdzenie adresu
mail-confirm-application-text = Dziękujemy za wypełnienie wniosku o konto w serwisie { $product_full }. Wniosek trafi do nas dopiero po potwierdzeniu tego adresu e-mail.
mail-confirm-application-link = Potwierdź adres i wyślij wniosek
mail-confirm-application-until = Link działa przez { $hours } { $hours ->
        [one] godzinę
        [few] godziny
       *[other] godzin
    }.
mail-confirm-application-stranger = Jeśli ten wniosek nie pochodzi od Pana/Pani, proszę nic nie robić. Bez potwierdzenia wniosek zostanie usunięty.

mail-application-received-subject = { $product }: wniosek został przyjęty
mail-application-received-heading = Wniosek został przyjęty
mail-application-received-text = Wniosek o konto w serwisie { $product_full } jest już u nas. Rozpatrzy go Administracja wskazana poniżej, a o decyzji napiszemy na ten adres. Na razie nie trzeba nic robić.
mail-application-received-link = Sprawdź, co dzieje się z wnioskiem
mail-application-received-paper = W sprawie wniosku złożonego na papierze prosimy dzwonić lub przyjść do Administracji.

mail-application-approved-subject = { $product }: konto jest założone, list czeka na odbiór
mail-application-approved-heading = Konto jest założone
mail-application-approved-text = Wniosek został rozpatrzony pozytywnie i konto w serwisie { $product_full } zostało założone. Do pierwszego logowania potrzebny jest list z hasłem, który wydajemy osobiście.
mail-application-approved-collect = List będzie czekał w Administracji wskazanej poniżej do dnia { $date }. Proszę zabrać ze sobą dokument tożsamości; odbiór potwierdza się podpisem.

mail-application-needs-correction-subject = { $product }: wniosek wymaga poprawki
mail-application-needs-correction-heading = Prosimy o poprawienie wniosku
mail-application-needs-correction-text = Zanim rozpatrzymy wniosek o konto, prosimy o poprawkę. Administracja napisała:
mail-application-needs-correction-link = Popraw wniosek
mail-application-needs-correction-paper = Wniosek złożony na papierze poprawia się w Administracji. Prosimy przyjść albo zadzwonić.

mail-correction-reminder-subject = { $product }: wniosek nadal czeka na poprawkę
mail-correction-reminder-heading = Wniosek nadal czeka na poprawkę
mail-correction-reminder-text = Prosiliśmy o poprawienie wniosku o konto w serwisie { $product_full }. Na poprawkę czekamy do dnia { $date }. Potem wniosek zostanie wycofany, a nowy będzie można złożyć w każdej chwili.
mail-correction-reminder-link = Popraw wniosek
mail-correction-reminder-paper = Wniosek złożony na papierze poprawia się w Administracji. Prosimy przyjść albo zadzwonić.

mail-correction-lapsed-subject = { $product }: wniosek został wycofany
mail-correction-lapsed-heading = Wniosek został wycofany
mail-correction-lapsed-text = Wniosek o konto w serwisie { $product_full } nie został poprawiony na czas, dlatego nie będzie rozpatrywany. Nowy wniosek można złożyć w każdej chwili: przez internet albo w Administracji.

mail-application-rejected-subject = { $product }: decyzja w sprawie wniosku
mail-application-rejected-heading = Nie możemy założyć konta
mail-application-rejected-text = Wniosek o konto w serwisie { $product_full } został rozpatrzony odmownie. Powód:
mail-application-rejected-next = Jeśli coś jest niejasne, proszę zadzwonić lub przyjść do Administracji. Gdy powód ustąpi, można złożyć nowy wniosek.

mail-application-withdrawn-subject = { $product }: wniosek został wycofany
mail-application-withdrawn-heading = Wniosek został wycofany
mail-application-withdrawn-text = Zgodnie z prośbą wniosek o konto w serwisie { $product_full } został wycofany i nie będzie rozpatrywany. Nie trzeba nic robić. Nowy wniosek można złożyć w każdej chwili.

mail-letter-reminder-subject = { $product }: list nadal czeka na odbiór
mail-letter-reminder-heading = List nadal czeka na odbiór
mail-letter-reminder-text = W Administracji czeka list z hasłem do konta w serwisie { $product_full }. Można go odebrać do dnia { $date }. Proszę przyjść osobiście i zabrać ze sobą dokument tożsamości.

mail-letter-lapsed-subject = { $product }: minął termin odbioru listu
mail-letter-lapsed-heading = Minął termin odbioru listu
mail-letter-lapsed-text = List z hasłem do konta w serwisie { $product_full } nie został odebrany w terminie i stracił ważność. Jeśli konto jest nadal potrzebne, proszę przyjść do Administracji z dokumentem tożsamości i poprosić o nowy list.

mail-letter-reissued-subject = { $product }: prośba o nowy list
mail-letter-reissued-heading = Nowy list z hasłem
mail-letter-reissued-text = W Administracji poproszono o nowy list z hasłem do Pana/Pani konta. Gdy zostanie wydrukowany, poprzedni list straci ważność. Nowy wydajemy osobiście, za okazaniem dokumentu tożsamości.
mail-letter-reissued-stranger = Jeśli ta prośba nie pochodzi od Pana/Pani, proszę jak najszybciej zadzwonić do Administracji.

mail-letter-collected-subject = { $product }: list został odebrany
mail-letter-collected-heading = List został odebrany
mail-letter-collected-text = List z hasłem został odebrany w Administracji i konto jest gotowe do użycia. Przy pierwszym logowaniu poprosimy o ustalenie własnego hasła.
mail-letter-collected-keep = List proszę zachować. Będzie potrzebny, gdy hasło zginie albo konto zostanie zablokowane.
mail-letter-collected-stranger = Jeśli listu nie odebrano za Pana/Pani wiedzą, proszę natychmiast zadzwonić do Administracji.
mail-sign-in-link = Przejdź do logowania

mail-account-recovered-subject = { $product }: dostęp do konta został odzyskany
mail-account-recovered-heading = Dostęp do konta został odzyskany
mail-account-recovered-text = Dnia { $moment } ktoś odzyskał dostęp do Pana/Pani konta za pomocą listu z Administracji i może teraz ustalić nowe hasło. Na wszystkich urządzeniach nastąpiło wylogowanie.
mail-account-recovered-codes = Do wykorzystania { $codes ->
        [one] został jeszcze { $codes } kod z listu.
        [few] zostały jeszcze { $codes } kody z listu.
       *[other] zostało jeszcze { $codes } kodów z listu.
    }
mail-account-recovered-last = To był ostatni kod. Proszę przyjść do Administracji z dokumentem tożsamości i poprosić o nowy list.
mail-not-you = Jeśli to Pan/Pani, nie trzeba nic robić. Jeśli nie, proszę od razu zablokować konto:
mail-block-link = To nie ja: zablokuj konto

mail-account-locked-subject = { $product }: logowanie jest chwilowo wstrzymane
mail-account-locked-heading = Logowanie jest chwilowo wstrzymane
mail-account-locked-text = Ktoś kilka razy podał błędne hasło do Pana/Pani konta. Dla bezpieczeństwa logowanie z nowych urządzeń jest wstrzymane do: { $moment }.
mail-account-locked-own = Jeśli to była pomyłka, wystarczy odczekać. Szybciej pomoże list z hasłem albo telefon do Administracji.
mail-account-locked-stranger = Jeśli to nie Pan/Pani, nie trzeba nic robić. Hasła nie odgadnięto i nikt nie wszedł na konto.
mail-account-locked-text-for-ever = Ktoś wiele razy podał błędne hasło do Pana/Pani konta. Dla bezpieczeństwa logowanie z nowych urządzeń jest wstrzymane, dopóki blokada nie zostanie zdjęta.
mail-account-locked-own-for-ever = List z hasłem zdejmuje blokadę od razu. Bez listu prosimy przyjść lub zadzwonić do Administracji.
mail-help-link = Pomoc w logowaniu

mail-guessing-noticed-subject = { $product }: ktoś zgaduje hasła
mail-guessing-noticed-heading = Ktoś zgaduje hasła
mail-guessing-noticed-text = Dnia { $moment } podano { $failures ->
        [one] { $failures } błędne hasło
        [few] { $failures } błędne hasła
       *[other] { $failures } błędnych haseł
    } w ciągu { $minutes ->
        [one] { $minutes } minuty
       *[other] { $minutes } minut
    }, łącznie do wszystkich kont i z nieznanych urządzeń. To więcej, niż przewiduje [lockout] w konfiguracji.
mail-guessing-noticed-done = Dopóki to trwa, limity dla nieznanych urządzeń są ostrzejsze. Urządzenia, na których ktoś już się logował, odzyskiwanie listem i drugi składnik działają jak zawsze.
mail-guessing-noticed-next = Nic nie trzeba robić od razu. Dziennik zdarzeń i audyt (guessing.noticed, guessing.over) pokażą, jak długo to trwa. Komu nie udaje się zalogować, temu pomoże list z hasłem albo Administracja.

mail-password-changed-subject = { $product }: hasło zostało zmienione
mail-password-changed-heading = Hasło zostało zmienione
mail-password-changed-text = Dnia { $moment } zmieniono hasło do Pana/Pani konta w serwisie { $product_full }.

mail-new-device-subject = { $product }: logowanie na nowym urządzeniu
mail-new-device-heading = Zalogowano się na nowym urządzeniu
mail-new-device-text = Dnia { $moment } na Pana/Pani konto w serwisie { $product_full } zalogowano się na urządzeniu, którego wcześniej nie znaliśmy: { $device }.
mail-new-device-unnamed = Dnia { $moment } na Pana/Pani konto w serwisie { $product_full } zalogowano się na urządzeniu, którego wcześniej nie znaliśmy.

mail-sessions-ended-subject = { $product }: wylogowano wszystkie urządzenia
mail-sessions-ended-heading = Wylogowano wszystkie urządzenia
mail-sessions-ended-text = Administracja wylogowała z Pana/Pani konta w serwisie { $product_full } wszystkie urządzenia. Hasło się nie zmieniło: wystarczy zalogować się ponownie.
mail-sessions-ended-devices = Żadne urządzenie nie jest już zaufane. Stanie się nim znowu, gdy się Pan/Pani na nim zaloguje.
mail-sessions-ended-stranger = Jeśli to dla Pana/Pani niespodzianka, proszę zadzwonić do Administracji.

mail-second-factor-added-subject = { $product }: dodano zabezpieczenie logowania
mail-second-factor-added-heading = Dodano zabezpieczenie logowania
mail-second-factor-added-app = Dnia { $moment } do Pana/Pani konta w serwisie { $product_full } dodano kody z aplikacji w telefonie. Od teraz przy logowaniu pytamy także o taki kod.
mail-second-factor-added-passkey = Dnia { $moment } do Pana/Pani konta w serwisie { $product_full } dodano klucz dostępu. Od teraz można się nim logować.

mail-second-factor-removed-subject = { $product }: usunięto zabezpieczenie logowania
mail-second-factor-removed-heading = Usunięto zabezpieczenie logowania
mail-second-factor-removed-app = Dnia { $moment } z Pana/Pani konta w serwisie { $product_full } usunięto kody z aplikacji w telefonie.
mail-second-factor-removed-passkey = Dnia { $moment } z Pana/Pani konta w serwisie { $product_full } usunięto klucz dostępu.
mail-second-factor-removed-all = Dnia { $moment } z Pana/Pani konta w serwisie { $product_full } usunięto dodatkowe zabezpieczenia logowania. Do zalogowania wystarcza teraz hasło.

mail-account-suspended-subject = { $product }: konto zostało zawieszone
mail-account-suspended-heading = Konto zostało zawieszone
mail-account-suspended-text = Pana/Pani konto w serwisie { $product_full } zostało zawieszone i nie można się na nie zalogować. Dane na koncie są bezpieczne. Aby wyjaśnić sprawę lub odwiesić konto, proszę zadzwonić lub przyjść do Administracji z dokumentem tożsamości.

mail-account-resumed-subject = { $product }: konto znów działa
mail-account-resumed-heading = Konto znów działa
mail-account-resumed-text = Zawieszenie Pana/Pani konta w serwisie { $product_full } zostało zniesione. Można się logować jak dotychczas.
mail-account-resumed-letter = Konto w serwisie { $product_full } zostało odblokowane, ale dotychczasowe hasło i list z kodami już nie działają, bo mógł je znać ktoś inny. Zamówiliśmy dla Pana/Pani nowy list z hasłem. Proszę zadzwonić do Administracji i umówić się na jego odbiór, z dokumentem tożsamości.

mail-account-closed-subject = { $product }: konto zostało zamknięte
mail-account-closed-heading = Konto zostało zamknięte
mail-account-closed-text = Pana/Pani konto w serwisie { $product_full } zostało zamknięte i nie można się na nie zalogować. Jeśli to pomyłka albo konto znów będzie potrzebne, proszę zgłosić się do Administracji z dokumentem tożsamości.

mail-another-account-subject = { $product }: nowe konto dla tego samego kontrahenta
mail-another-account-heading = Nowe konto dla tego samego kontrahenta
mail-another-account-text = Administracja przyjęła wniosek o jeszcze jedno konto w serwisie { $product_full } dla kontrahenta, którego dotyczy Pana/Pani konto. Pana/Pani konto działa bez zmian.
mail-another-account-stranger = Jeśli nic Panu/Pani o tym nie wiadomo, proszę jak najszybciej zadzwonić do Administracji.

mail-email-changed-subject = { $product }: zmiana adresu e-mail
mail-email-changed-heading = Zmieniono adres e-mail
mail-email-changed-new = Od teraz na ten adres będą przychodzić wiadomości o koncie w serwisie { $product_full }. Nie trzeba nic robić.
mail-email-changed-old = Na prośbę złożoną w Administracji zmieniono adres e-mail konta w serwisie { $product_full }. Dalsze wiadomości będą przychodzić na nowy adres, a to jest ostatnia na ten.
mail-email-changed-stranger = Jeśli ta zmiana nie pochodzi od Pana/Pani, proszę jak najszybciej zadzwonić do Administracji.
