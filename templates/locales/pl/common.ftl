# Zdania wspólne dla wszystkich stron. Zwracamy się do osoby formami Pan/Pani i zawsze mówimy, co zrobić dalej.
# W każdym tekście można użyć { $company }, { $product } i { $product_full }.

language-name = Polski
error-prefix = Błąd:
phone = Telefon:
help-link = Pomoc w logowaniu
home-link = Strona główna
back-to = Wróć do: { $name }
signed-in-as = Zalogowana osoba:
request-id = Numer zdarzenia, przydatny w rozmowie z nami:
show-password = Pokaż hasło
hide-password = Ukryj hasło
