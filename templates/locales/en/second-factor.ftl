# The second factor: for staff, and for contractors who want one.

second-factor-set-up-title = A second factor
second-factor-set-up-lead = Besides the password, a code from your phone protects a member of staff's account. You set it up once; it takes two minutes.
second-factor-step-app = Install an authenticator app on your phone, such as Aegis, FreeOTP, Google Authenticator or Microsoft Authenticator.
second-factor-step-scan = In the app, add an account and scan this code:
second-factor-step-type = Instead of scanning, you can type this key into the app:
second-factor-step-code = The app shows six digits, new ones every half minute. Type them below.
second-factor-qr = QR code with the key that is also written below
second-factor-set-up-label = Six digits from the app

second-factor-prove-title = Code from your phone
second-factor-prove-lead = Your password is right. Please confirm the sign-in with a code.
second-factor-prove-label = Code
second-factor-prove-hint = Six digits from the app on your phone, or one of your recovery codes.
second-factor-lost = No phone and no codes? Please ask an administrator, who can let you set up a second factor again.
second-factor-button = Continue

second-factor-codes-title = Recovery codes
second-factor-codes-lead = Should you lose your phone, each of these codes stands in for the six digits once. They are shown only now.
second-factor-codes-keep = Please print them or write them down, and keep them away from the computer, for example in a locked drawer.
second-factor-codes-kept-elsewhere = The recovery codes were shown and confirmed in another window.
second-factor-codes-button = I have kept the codes, continue

second-factor-wrong = This code does not match.
    .next = A code works once, and for half a minute only: please wait for the next one and type that. If none matches, please check that your phone shows the exact time.
second-factor-form-expired = This page was open for too long.
    .next = Please try again. If this message comes back, please turn on cookies in your browser.
second-factor-refused = There were too many wrong codes, so no more are checked for a while.
    .next = Please wait a quarter of an hour and try again, or ask an administrator. If it is not you who types codes, somebody knows the password of this account: please tell an administrator at once.

# For contractors who chose to have another protection.
second-factor-set-up-lead-own = Besides the password, a code from your phone will protect your account. You set it up once; it takes two minutes.
second-factor-lost-own = No phone and no recovery codes? Please call the office, or visit it with an identity document: we can remove this protection.
second-factor-refused-own = There were too many wrong codes, so no more are checked for a while.
    .next = Please wait a quarter of an hour and try again, or call the office. If it is not you who types codes, somebody knows the password of this account: please change it.
second-factor-asked = The service “{ $client }” asks you to confirm once more that it is you.
second-factor-decline = Back to “{ $client }” without confirming
second-factor-passkey-button = Use a passkey
second-factor-passkey-unknown = This browser knows no passkeys. Please use another browser, a code from your phone or a recovery code, or call the office.
second-factor-passkey-no-script = A passkey works only with JavaScript turned on. Please turn it on, use a code from your phone or a recovery code, or call the office.
second-factor-passkey-refused = The passkey could not be confirmed.
    .next = Please press the button again. If that does not help, please use another passkey or a code.

passkey-failed = The passkey was not used. Please press the button again.
passkey-unknown = This browser knows no passkeys. You can use an app with codes instead.
passkey-no-script = Passkeys work only with JavaScript turned on. Without it you can use an app with codes.
