# Sentences that every page uses. We are warm and polite, use plain words, and always say what to do next.
# Every text may use { $company }, { $product } and { $product_full }.

language-name = English
error-prefix = Error:
phone = Telephone:
help-link = Help with signing in
home-link = Home page
back-to = Back to: { $name }
signed-in-as = Signed in:
request-id = Event number, useful when you talk to us:
show-password = Show password
hide-password = Hide password
