service-logo = Logo of the service “{ $client }”
service-unverified = The service “{ $client }” registered itself with us, and we have not checked it. After signing in you will be taken to { $host }. If you do not know this address, please close this page.
service-about = About “{ $client }”
service-client-uri = The service’s page
service-policy-uri = How the service protects your data
service-tos-uri = The service’s terms
