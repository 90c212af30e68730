service-logo = Logo serwisu „{ $client }”
service-unverified = Serwis „{ $client }” zarejestrował się u nas sam i nie został przez nas sprawdzony. Po zalogowaniu przejdzie Pan/Pani pod adres { $host }. Jeśli ten adres jest nieznany, proszę zamknąć tę stronę.
service-about = O serwisie „{ $client }”
service-client-uri = Strona serwisu
service-policy-uri = Jak serwis chroni dane
service-tos-uri = Regulamin serwisu
