change-password-title = New password
change-password-lead = The password from the letter is only for the beginning. Please choose your own, one that nobody else knows.
change-password-recovered = Your letter matches, and the lock, if there was one, is lifted. Please choose a new password: the old one does not work any more.
change-password-codes-left = Please cross the used code out in your letter. { $codes ->
        [one] There is { $codes } code left.
       *[other] There are { $codes } codes left.
    }
change-password-no-codes-left = That was the last code of your letter. Please ask your office for a new letter before you need one again.
change-password-from-before = The older letter is used up now. We have asked the office to prepare a new one. Please collect it in person, with an identity document.
new-password-label = New password
new-password-repeat-label = New password again
change-password-button = Save the new password
change-password-not-you = Is { $login } not you?

rules-must = The password must have:
rule-length = { $minimum } to { $maximum ->
        [one] { $maximum } character
       *[other] { $maximum } characters
    }
rule-lower-case = a small letter
rule-upper-case = a capital letter
rule-digit = a digit
rule-special = a special character, for example ! # $
rules-must-not = It must not be the password from the letter, contain your login, or be easy to guess, such as a first name or a month with digits.

change-password-rules = Your password has not been changed yet. Please correct this:
broken-too-short = The password is too short: it needs at least { $minimum ->
        [one] { $minimum } character.
       *[other] { $minimum } characters.
    }
broken-too-long = The password is too long: it may have at most { $maximum ->
        [one] { $maximum } character.
       *[other] { $maximum } characters.
    }
broken-no-lower-case = The password has no small letter.
broken-no-upper-case = The password has no capital letter.
broken-no-digit = The password has no digit.
broken-no-special = The password has no special character, for example ! # $
broken-unprintable = The password has a character that cannot be seen. Please type it again on the keyboard.
broken-is-initial-password = This is the password from the letter. The new one must be different.
broken-contains-login = The password must not contain your login.
broken-denied-word = The password is made of a word that is easy to guess, such as a first name, a month or the word “password”, with something added. Please choose something less obvious.
broken-too-guessable = The password is too easy to guess. Please avoid common words, repetitions and sequences such as 1234.
broken-keyboard-walk = The password is keys that lie side by side on the keyboard. Such passwords are the first to be tried. Please choose something less obvious.
broken-used-before = This password has been used for this account before. Please choose one that it has never had.
broken-repeat-differs = The passwords in the two fields differ. Please type the same one twice.

strength-0 = Strength of the password you typed: 0 out of 4. It can be guessed at once.
strength-1 = Strength of the password you typed: 1 out of 4. It is very easy to guess.
strength-2 = Strength of the password you typed: 2 out of 4. It will do, but could be better.
strength-3 = Strength of the password you typed: 3 out of 4. A good password.
strength-4 = Strength of the password you typed: 4 out of 4. A very good password.
strength-advice-keyboard = Keys that lie side by side are easy to guess.
strength-advice-repeats = Repeats such as “aaa” hardly help.
strength-advice-repeated-words = Repeating the same word hardly helps.
strength-advice-very-common = It is one of the most common passwords in the world.
strength-advice-common = Very many people have this password.
strength-advice-like-a-common-one = It is similar to a password that very many people have.
strength-advice-sequences = Sequences such as “abc” or “6543” are easy to guess.
strength-advice-years = Years of the last decades are easy to guess.
strength-advice-one-word = One word is not enough.
strength-advice-dates = Dates are easy to guess.
strength-advice-names = First names and surnames are easy to guess.
strength-advice-more-words = Two or three short words that do not belong together are better.
strength-advice-capitals = A capital letter at the beginning hardly helps. Put it in the middle.
strength-advice-reversed = A word written backwards is almost as easy to guess.
strength-advice-substitutions = Writing “@” for “a” or “0” for “o” hardly helps.
strength-advice-own-dates = Please avoid dates and years that are connected with you.

change-password-form-expired = Your password has not been changed yet, because this page was open for too long.
    .next = Please enter the new password again. If you keep seeing this message, please turn on cookies in your browser.
change-password-overloaded = Your password has not been changed yet, because very many people are using the service right now.
    .next = Please wait a moment and try again.
change-password-refused = Your password has not been changed yet, because there were too many tries.
    .next = Please wait a while and try again, or call the office.
