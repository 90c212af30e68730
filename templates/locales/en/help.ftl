help-title = Help with signing in

help-lost-title = Password lost or forgotten
help-lost-text = Please do this, in order:
help-lost-letter = Find the letter with your password, which you collected at the office. You will need it even if you have changed the password since.
help-lost-recover = Open the recovery page with the button below, copy what stands in the letter, and choose a new password.
help-lost-visit = If you do not have the letter, come to your office with an identity document. We never ask for passwords or codes, on the telephone neither.

help-locked-title = Account locked
help-locked-text = After several wrong passwords, signing in is blocked for a while, so that no stranger can keep guessing.
help-locked-wait = It is enough to wait { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } and try again. After further wrong passwords it takes longer.
help-locked-office = If it is urgent, please use the letter: the button above lifts the lock at once. Without the letter your office will help.

help-apply-title = I have no account yet
help-apply-text = You can apply for one on-line, or on paper at the office.
help-apply-paper = Paper form to print

help-contact-title = Contact
help-own-office = Please turn to the office where you collected the letter with your password.
help-back = Go to sign-in
