sign-in-title = Sign in
sign-in-for = After you sign in, “{ $client }” will open.
sign-in-again = To keep you safe, please enter your password again.
sign-in-again-for = To keep you safe, “{ $client }” asks you to enter your password again.
login-label = Login
login-hint = You will find it in the letter with your password, which you collected at the office.
password-label = Password
sign-in-button = Sign in

# One text for a wrong password, an unknown login and a lock: no stranger may learn which it was.
sign-in-refused = We could not sign you in: the login or the password is wrong, or signing in is blocked for a while.
    .next = Please check what you typed and try again. If that does not help, please wait a while, look at the letter with your password, or call the office.
sign-in-form-expired = This page was open for too long and the form has expired.
    .next = Please enter your login and password again. If you keep seeing this message, please turn on cookies in your browser.
sign-in-overloaded = Very many people are signing in right now.
    .next = Please wait a moment and try again.

sign-in-passkey-button = Sign in with a passkey
sign-in-passkey-refused = The passkey did not sign you in.
    .next = Please press the button again, or sign in with your login and password.

sign-in-notice-signed-out = You are signed out.
sign-in-notice-password-already-changed = Your password has already been changed. Please sign in with the new one.

trouble-title = Trouble signing in?
trouble-letter = With the letter that you collected at the office you can choose a new password and lift a lock at once.
trouble-locked = A lock after several mistakes also goes away by itself, after a while.
recover-link = I forgot my password, or my account is locked
trouble-link = See what to do, step by step
