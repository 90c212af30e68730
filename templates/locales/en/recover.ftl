# The page on which the letter with the password brings its owner back in.

recover-title = Get back into your account
recover-lead = If you have forgotten your password, or your account is locked, the letter with your password that you collected at the office is enough. Please have it in front of you.
recover-then = On the next page we will ask you to choose a new password. The present one will stop working, and other devices will be signed out.

recover-which = Which letter do you have?
recover-with-codes = My letter has a number and recovery codes
recover-from-before = My letter is older: it has only a login and a password

recover-serial-label = Number of the letter
recover-serial-hint = Ten letters and digits. Hyphens, spaces, small or capital letters do not matter.
recover-code-label = First recovery code that is not crossed out
recover-code-hint = Twelve letters and digits. Each code works only once: please cross it out in the letter after using it.
recover-example = This is how it looks in the letter (invented data):
recover-example-codes = Recovery codes
recover-example-used = – used already and crossed out
recover-example-next = – the one to enter

recover-from-before-once = The password of such a letter can bring you back in only once. Then the office will prepare a new letter.
recover-initial-password-label = Password from the letter
recover-initial-password-hint = The one that is printed in the letter, not one that you chose later. Capital and small letters matter.

recover-button = Continue

# One text for every mistake, and for too many of them: no stranger may learn what does not match.
recover-refused = This did not work: what you entered does not match, or there were too many attempts.
    .with-codes = Please check the login, the number of the letter and the code, one by one. We need the first code that has not been used yet, from your newest letter.
    .from-before = Please check the login and the password from the letter. If the letter has brought you back in before, or you have a newer one, it does not work any more.
    .next = If that does not help, please wait a while and try again, or come to your office with an identity document.
recover-form-expired = This page was open for too long and the form has expired. Nothing of your letter has been used up.
    .next = Please enter what is missing again. If you keep seeing this message, please turn on cookies in your browser.
recover-overloaded = Very many people are using this service right now. Nothing of your letter has been used up.
    .next = Please wait a moment and try again.

recover-no-letter = You do not have the letter?
recover-no-letter-text = Please come to your office with an identity document. We will give you a new letter. We never ask for passwords or codes on the telephone.
recover-no-letter-link = See where your office is
