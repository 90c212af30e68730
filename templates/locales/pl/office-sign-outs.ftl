# Konsola: które serwisy dowiedziały się o zakończeniu sesji.

office-nav-sign-outs = Wylogowania
sign-outs-title = Powiadomienia o wylogowaniu
sign-outs-lead = Gdy sesja się kończy, serwisy, z których ktoś w niej korzystał, są o tym powiadamiane i też go wylogowują. Serwis, który nie odpowiada, jest powiadamiany przez całą dobę, potem próby ustają.
sign-outs-clients = Serwisy
sign-outs-client = Serwis
sign-outs-waiting = Czeka
sign-outs-delivered = Doręczono
sign-outs-given-up = Zaniechano
sign-outs-list = Niedoręczone: zaniechane na początku, potem od najstarszych
sign-outs-since = Koniec sesji
sign-outs-why = Powód
sign-outs-attempts = Nieudane próby
sign-outs-next = Następna próba
sign-outs-error = Ostatni błąd
sign-outs-dead = zaniechano
sign-outs-retry = Powiadom jeszcze raz
sign-outs-nothing = Nic nie czeka, wszystkie serwisy zostały powiadomione.
sign-outs-notice-due = Serwis zostanie powiadomiony za chwilę.
sign-outs-notice-not-waiting = Ten serwis został już powiadomiony.
sign-outs-notice-form-expired = Strona była otwarta zbyt długo. Powiadomienie nie zostało ponowione.
