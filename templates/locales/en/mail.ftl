# E-mails. Short and kind: what happened, and what to do next. Never a login, a password, or a letter's number or codes.

mail-greeting = Hello,
mail-regards = Kind regards
mail-call = Telephone: { $phone }
mail-link-copy = If the button does not work, please copy this address into your browser:
mail-link-harmless = Opening the link changes nothing. Only the button on the page that opens does.
mail-addressee = This message is for: { $name }. It was sent automatically by { $product_full }.
mail-never-asked = We never ask for your password or for the codes of your letter, neither by e-mail nor by telephone.

mail-date = { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
mail-weekday = { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
mail-moment = { $date } at { $time }
mail-office-address = Address: { $address }
mail-office-phone = Telephone: { $phone }
mail-office-hours = Opening hours: { $hours }
mail-office-next = Next open: { $weekday }, { $date }, { $hours }

mail-confirm-application-subject = { $product }: please confirm your e-mail address
mail-confirm-application-heading = One more step: confirm your address
mail-confirm-application-text = Thank you for filling in the application for an account with { $product_full }. It reaches us only after you have confirmed this e-mail address.
mail-confirm-application-link = Confirm the address and send the application
mail-confirm-application-until = The link works for { $hours } { $hours ->
        [one] hour
       *[other] hours
    }.
mail-confirm-application-stranger = If this application is not yours, please do nothing. Without confirmation it will be deleted.

mail-application-received-subject = { $product }: your application has arrived
mail-application-received-heading = Your application has arrived
mail-application-received-text = Your application for an account with { $product_full } is with us. The office named below will decide, and we will write to this address. There is nothing you need to do for now.
mail-application-received-link = See where your application stands
mail-application-received-paper = To ask about an application made on paper, please call or visit the office.

mail-application-approved-subject = { $product }: your account is set up, your letter can be collected
mail-application-approved-heading = Your account is set up
mail-application-approved-text = Your application was approved, and your account with { $product_full } has been set up. To sign in for the first time you need the letter with your password, which we hand over in person.
mail-application-approved-collect = The letter will wait at the office named below until { $date }. Please bring an identity document; you will sign for the letter.

mail-application-needs-correction-subject = { $product }: your application needs a correction
mail-application-needs-correction-heading = Please correct your application
mail-application-needs-correction-text = Before we decide on your application for an account, we ask for a correction. The office wrote:
mail-application-needs-correction-link = Correct the application
mail-application-needs-correction-paper = An application made on paper is corrected at the office. Please come or call.

mail-correction-reminder-subject = { $product }: your application still waits for a correction
mail-correction-reminder-heading = Your application still waits for a correction
mail-correction-reminder-text = We asked you to correct your application for an account with { $product_full }. The correction can be made until { $date }. After that the application is withdrawn, and you can apply again at any time.
mail-correction-reminder-link = Correct the application
mail-correction-reminder-paper = An application made on paper is corrected at the office. Please come or call.

mail-correction-lapsed-subject = { $product }: your application was withdrawn
mail-correction-lapsed-heading = Your application was withdrawn
mail-correction-lapsed-text = Your application for an account with { $product_full } was not corrected in time, so it will not be decided. You can apply again at any time, on-line or at the office.

mail-application-rejected-subject = { $product }: the decision on your application
mail-application-rejected-heading = We cannot set up an account
mail-application-rejected-text = Your application for an account with { $product_full } was not approved. The reason:
mail-application-rejected-next = If anything is unclear, please call or visit the office. Once the reason no longer holds, you can apply again.

mail-application-withdrawn-subject = { $product }: your application was withdrawn
mail-application-withdrawn-heading = Your application was withdrawn
mail-application-withdrawn-text = As you asked, the application for an account with { $product_full } was withdrawn and will not be decided. There is nothing you need to do. You can apply again at any time.

mail-letter-reminder-subject = { $product }: your letter is still waiting
mail-letter-reminder-heading = Your letter is still waiting
mail-letter-reminder-text = The letter with the password for your account with { $product_full } is waiting at the office. You can collect it until { $date }. Please come in person and bring an identity document.

mail-letter-lapsed-subject = { $product }: the time to collect your letter is over
mail-letter-lapsed-heading = The time to collect your letter is over
mail-letter-lapsed-text = The letter with the password for your account with { $product_full } was not collected in time and is no longer valid. If you still need the account, please visit the office with an identity document and ask for a new letter.

mail-letter-reissued-subject = { $product }: a new letter was asked for
mail-letter-reissued-heading = A new letter with a password
mail-letter-reissued-text = The office was asked for a new letter with a password for your account. Once it is printed, the previous letter is no longer valid. We hand the new one over in person, against an identity document.
mail-letter-reissued-stranger = If you did not ask for it, please call the office as soon as you can.

mail-letter-collected-subject = { $product }: your letter was collected
mail-letter-collected-heading = Your letter was collected
mail-letter-collected-text = The letter with your password was collected at the office, and your account is ready. When you sign in for the first time, we will ask you to choose a password of your own.
mail-letter-collected-keep = Please keep the letter. You will need it if the password is lost or the account is locked.
mail-letter-collected-stranger = If it was collected without your knowledge, please call the office at once.
mail-sign-in-link = Go to sign-in

mail-account-recovered-subject = { $product }: access to your account was recovered
mail-account-recovered-heading = Access to your account was recovered
mail-account-recovered-text = On { $moment } somebody recovered access to your account with the letter from the office, and can now choose a new password. All devices were signed out.
mail-account-recovered-codes = { $codes ->
        [one] { $codes } code of the letter is left.
       *[other] { $codes } codes of the letter are left.
    }
mail-account-recovered-last = That was the last code. Please visit the office with an identity document and ask for a new letter.
mail-not-you = If it was you, there is nothing you need to do. If it was not you, please block the account at once:
mail-block-link = It was not me: block the account

mail-account-locked-subject = { $product }: signing in is paused
mail-account-locked-heading = Signing in is paused
mail-account-locked-text = Somebody typed a wrong password for your account several times. To keep it safe, signing in from new devices is paused until { $moment }.
mail-account-locked-own = If it was you, just wait. Your letter, or a call to the office, helps sooner.
mail-account-locked-stranger = If it was not you, there is nothing you need to do. The password was not guessed, and nobody got in.
mail-account-locked-text-for-ever = Somebody typed a wrong password for your account many times. To keep it safe, signing in from new devices is paused until you lift that.
mail-account-locked-own-for-ever = Your letter from the office lifts it at once. Without the letter, please visit or call the office.
mail-help-link = Help with signing in

mail-guessing-noticed-subject = { $product }: somebody is guessing passwords
mail-guessing-noticed-heading = Somebody is guessing passwords
mail-guessing-noticed-text = On { $moment } there were { $failures } wrong passwords within { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }, over all accounts and from devices nobody knows. That is more than [lockout] in the configuration expects.
mail-guessing-noticed-done = Limits for unknown devices are tighter as long as it lasts. Devices that people have signed in on before, recovery with the letter, and second factors work as always.
mail-guessing-noticed-next = Nothing has to be done at once. The log and the audit (guessing.noticed, guessing.over) say how long it lasts. If people write that they cannot sign in, their letter or an office helps them.

mail-password-changed-subject = { $product }: your password was changed
mail-password-changed-heading = Your password was changed
mail-password-changed-text = On { $moment } the password of your account with { $product_full } was changed.

mail-new-device-subject = { $product }: sign-in on a new device
mail-new-device-heading = Somebody signed in on a new device
mail-new-device-text = On { $moment } somebody signed in to your account at { $product_full } on a device that we did not know before: { $device }.
mail-new-device-unnamed = On { $moment } somebody signed in to your account at { $product_full } on a device that we did not know before.

mail-sessions-ended-subject = { $product }: all devices were signed out
mail-sessions-ended-heading = All devices were signed out
mail-sessions-ended-text = Your office signed all devices out of your account at { $product_full }. Your password has not changed: simply sign in again.
mail-sessions-ended-devices = No device is trusted any more. It will be again once you sign in on it.
mail-sessions-ended-stranger = If this comes as a surprise, please call your office.

mail-second-factor-added-subject = { $product }: your sign-in has another protection
mail-second-factor-added-heading = Your sign-in has another protection
mail-second-factor-added-app = On { $moment } codes from an app on a phone were added to your account with { $product_full }. From now on we also ask for such a code when you sign in.
mail-second-factor-added-passkey = On { $moment } a passkey was added to your account with { $product_full }. From now on you can sign in with it.

mail-second-factor-removed-subject = { $product }: a protection of your sign-in was removed
mail-second-factor-removed-heading = A protection of your sign-in was removed
mail-second-factor-removed-app = On { $moment } the codes from an app on a phone were removed from your account with { $product_full }.
mail-second-factor-removed-passkey = On { $moment } a passkey was removed from your account with { $product_full }.
mail-second-factor-removed-all = On { $moment } the additional protections were removed from your account with { $product_full }. A password is now enough to sign in.

mail-account-suspended-subject = { $product }: your account is suspended
mail-account-suspended-heading = Your account is suspended
mail-account-suspended-text = Your account with { $product_full } was suspended, and nobody can sign in to it. What is in it is safe. To clear this up, please call the office or visit it with an identity document.

mail-account-resumed-subject = { $product }: your account works again
mail-account-resumed-heading = Your account works again
mail-account-resumed-text = The suspension of your account with { $product_full } was lifted. You can sign in as before.
mail-account-resumed-letter = Your account with { $product_full } is unblocked, but its password and the letter with the codes no longer work, since somebody else may know them. We have ordered a new letter with a password for you. Please call the office and arrange to collect it, with an identity document.

mail-account-closed-subject = { $product }: your account is closed
mail-account-closed-heading = Your account is closed
mail-account-closed-text = Your account with { $product_full } was closed, and nobody can sign in to it. If this is a mistake, or you need the account again, please visit the office with an identity document.

mail-another-account-subject = { $product }: a new account for the same contractor
mail-another-account-heading = A new account for the same contractor
mail-another-account-text = The office approved an application for another account with { $product_full } for the contractor that your account belongs to. Your own account works as before.
mail-another-account-stranger = If you know nothing of this, please call the office as soon as you can.

mail-email-changed-subject = { $product }: your e-mail address was changed
mail-email-changed-heading = Your e-mail address was changed
mail-email-changed-new = From now on, messages about your account with { $product_full } come to this address. There is nothing you need to do.
mail-email-changed-old = As was asked for at the office, the e-mail address of your account with { $product_full } was changed. Further messages go to the new address; this is the last one to this address.
mail-email-changed-stranger = If you did not ask for this, please call the office as soon as you can.
