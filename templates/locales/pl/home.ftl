home-title = Strona główna
home-lead = Jedno logowanie do wszystkich serwisów { $company }.
home-greeting = Dzień dobry, { $name }
home-login = Identyfikator:
home-services = Nasze serwisy
sign-out-button = Wyloguj się

sign-out-title = Czy chce się Pan/Pani wylogować?
sign-out-lead = Po wylogowaniu serwisy { $product } znowu poproszą o hasło.
sign-out-lead-for = Serwis „{ $client }” prosi o wylogowanie. Po wylogowaniu serwisy { $product } znowu poproszą o hasło.
sign-out-confirm = Tak, wyloguj mnie
sign-out-stay = Nie, zostaję

signed-out-title = Wylogowanie się powiodło
signed-out-text = Dziękujemy za skorzystanie z { $product }.
signed-out-others = Inne otwarte serwisy za chwilę same zakończą sesję. Na wspólnym komputerze najlepiej zamknąć przeglądarkę.
sign-in-again-link = Zaloguj się ponownie

continue-title = Logowanie już się udało
continue-text = Konto jest zalogowane. Można wrócić do serwisu „{ $client }”.
continue-text-by-hand = Konto jest zalogowane. Proszę otworzyć serwis „{ $client }” tak jak zwykle.
continue-link = Przejdź do: { $client }

form-post-title = Powrót do serwisu
form-post-text = Serwis „{ $client }” zaraz się otworzy. Jeśli tak się nie stanie, proszę użyć przycisku.
form-post-button = Przejdź do: { $client }
