# Konsola Administracji: rama wszystkich stron i strona początkowa.

office-skip = Przejdź do treści
office-nav = Działy konsoli
office-role-clerk = pracownik Administracji
office-role-supervisor = kierownik
office-role-administrator = administrator
office-role-auditor = audytor
office-nav-home = Początek

office-home-title = Konsola Administracji
office-home-greeting = Dzień dobry, { $name }
office-home-places = Co można tu zrobić
office-guessing-noticed = Ktoś zgaduje hasła do wielu kont. Dopóki to trwa, limity dla nieznanych urządzeń są ostrzejsze; na własnych urządzeniach wszyscy logują się jak zawsze.
office-few-codes = { $number ->
        [0] Nie został już żaden kod zapasowy. Proszę poprosić administratora o nowy drugi składnik logowania, póki telefon działa.
        [one] Został ostatni kod zapasowy. Proszę poprosić administratora o nowy drugi składnik logowania, póki telefon działa.
        [few] Zostały tylko { $number } kody zapasowe.
       *[other] Zostało tylko { $number } kodów zapasowych.
    }
