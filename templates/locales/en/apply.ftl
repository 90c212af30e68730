apply-link = I have no account – apply for one
apply-title = Application for an account
apply-lead = An account is for the owner, co-owner, tenant or lessee of premises, and for whoever acts for them.
apply-step-form = Please fill in this form.
apply-step-link = We will send you an e-mail with a link. Open it and confirm your address: only then does the application reach us.
apply-step-office = When the account is ready, we will write when to collect the letter with the password at the office.
apply-paper-link = I prefer a paper form to print
apply-optional = (if it applies)
apply-button = Send the application

apply-who = Who applies
apply-applicant-label = The application is made by
apply-applicant-person = a private person
apply-applicant-firm = a firm or institution
apply-organisation-name-label = Name of the firm or institution
apply-organisation-name-hint = Only if a firm or institution applies. Below, please name the person who represents it.
apply-given-name-label = First name
apply-given-name-hint = As in your identity card.
apply-family-name-label = Family name
apply-contractor-number-label = Contractor number
apply-contractor-number-hint = It is on the notice of charges. If it is not at hand, please leave the field empty.

apply-premises = Premises
apply-street-label = Street, number of house and flat
apply-street-hint = For example: ul. Katowicka 12/4
apply-postal-code-label = Postal code
apply-postal-code-hint = For example: 41-600
apply-city-label = Town
apply-title-role-label = What are you to these premises?
apply-title-role-owner = the owner
apply-title-role-co-owner = a co-owner
apply-title-role-tenant = the tenant
apply-title-role-lessee = the lessee
apply-title-role-authorised-person = an authorised person
apply-title-role-proxy = a proxy
apply-office-label = Office
apply-office-hint = The one that looks after these premises. The letter with the password will wait there.
apply-office-choose = Please choose from the list

apply-contact = Contact
apply-email-label = E-mail address
apply-email-hint = We will send the link to this address. For example: jan.kowalski@poczta.pl
apply-email-fixed = This address cannot be changed here, because it is confirmed. If it has changed, please withdraw the application and make a new one.
apply-has-no-email = I have no e-mail address
apply-phone-number-label = Telephone number
apply-phone-number-hint = We will only call if something is unclear.

apply-consent = The Regulations
apply-regulations-read = Read the Regulations, version { $version } (opens in a new tab)
apply-regulations-label = I accept the Regulations in version { $version }.

apply-fields = The application has not been sent yet. Please correct:
apply-form-expired = The application has not been sent yet, because this page was open for too long.
    .next = What you typed is still in the form. Please send it once more. If you keep seeing this message, please allow cookies in your browser.
apply-too-many = The application has not been sent yet, because very many have just come from this network.
    .next = What you typed is still in the form. Please send it at { $at } or later, or call your office.

apply-problem-too-long = { $label }: this is too long. Please shorten it to { $most } { $most ->
        [one] character
       *[other] characters
    }.
apply-problem-unprintable = { $label }: there is a character that cannot be seen. Please type it once more.
apply-applicant-missing = Please say whether a private person or a firm applies.
apply-organisation-name-missing = Please type the name of the firm or institution.
apply-organisation-name-not-plausible = The name of the firm has no letters. Please type the whole name.
apply-given-name-missing = Please type your first name.
apply-given-name-not-plausible = The first name has no letters. Please type it once more.
apply-family-name-missing = Please type your family name.
apply-family-name-not-plausible = The family name has no letters. Please type it once more.
apply-contractor-number-not-plausible = A contractor number has digits in it. If it is not at hand, please leave the field empty.
apply-street-missing = Please type the street with the numbers of house and flat.
apply-street-not-plausible = The name of the street is missing. Please type it with the number, for example: ul. Katowicka 12/4
apply-postal-code-missing = Please type the postal code.
apply-postal-code-not-postal-code = A postal code has five digits, for example: 41-600. Please correct it.
apply-city-missing = Please type the town.
apply-city-not-plausible = The name of the town has no letters. Please type it once more.
apply-title-role-missing = Please say what you are to these premises.
apply-office-missing = Please choose an office from the list.
apply-office-not-on-the-list = The office you chose is no longer on the list. Please choose another one.
apply-email-missing = Please type your e-mail address, or say that you have none.
apply-email-not-email = Something is wrong with the e-mail address. It should look like this: jan.kowalski@poczta.pl
apply-email-needed-online = Without an e-mail address we cannot send the link. Please print the paper form, or come to the office: we will gladly help.
apply-email-contradicted = There is an e-mail address, and the box says that there is none. Please leave one of the two.
apply-phone-number-not-phone-number = Something is wrong with the telephone number. A Polish one has nine digits.
apply-phone-number-needed-without-email = Without an e-mail address we need a telephone number to be able to answer.
apply-regulations-not-accepted = Please read the Regulations and tick the box.
apply-regulations-changed = The Regulations have just changed. Please read the new version and tick the box once more.

apply-sent-title = Almost done – please check your e-mail
apply-sent-text = We have sent an e-mail with a link to the address you gave. The link works for { $hours } { $hours ->
        [one] hour
       *[other] hours
    }.
apply-sent-press = Please open the link and press the button on the page that appears. Only then does the application reach us.
apply-sent-nothing = No message?
apply-sent-spam = Please wait a quarter of an hour, and look into the folder “Spam” or “Promotions”.
apply-sent-typo = There may have been a slip in the address. Then simply fill in the application once more.
apply-sent-call = You can also call or visit your office.
apply-sent-expires = An application that nobody confirms within { $days } { $days ->
        [one] day
       *[other] days
    } expires.
apply-sent-again = Fill in the application once more

apply-confirm-title = Confirming the application
apply-confirm-text = The application for an account of { $date } waits for its e-mail address to be confirmed. When you press the button, it goes to the office.
apply-confirm-button = I confirm and submit the application
apply-confirm-old = This link has expired, but the application of { $date } still waits to be confirmed. We can send a new link to the same address.
apply-confirm-new-link = Send me a new link
apply-confirm-not-you = If it is not you who applies, please close this page. Without a confirmation the application expires by itself.
apply-confirm-form-expired = Nothing has changed yet, because this page was open for too long.
    .next = Please press the button once more. If you keep seeing this message, please allow cookies in your browser.
apply-confirm-too-many = The link has not been sent yet, because very many were asked for from this network.
    .next = Please try again at { $at } or later, or call your office.

apply-status-title = Application for an account
apply-status-email-pending = The application waits for the e-mail address to be confirmed.
    .next = Please open the link in the message we sent, and press the button on its page.
apply-status-submitted = We have the application, and it waits for a decision.
    .next = You need not do anything. We will write to you.
apply-status-needs-correction = The application has to be corrected.
    .reason = The office asks:
    .next = Please correct the application on the page below. What you typed is in it already.
    .since = Asked to be corrected: { $date }.
apply-status-approved = The account is set up.
    .next = The letter with the password is collected in person at the office, with an identity document. If you have it already, you can sign in.
    .since = Decision: { $date }.
apply-status-rejected = The application was rejected.
    .reason = The reason:
    .next = If this is a mistake, please call or visit the office. You can also make a new application.
    .since = Decision: { $date }.
apply-status-expired = The application has expired, because its e-mail address was not confirmed in time.
    .next = Nothing is lost: you can make a new application.
    .since = Expired: { $date }.
apply-status-withdrawn = The application is withdrawn.
    .next = You need not do anything. You can make a new application at any time.
    .since = Withdrawn: { $date }.
apply-status-dates = What has happened
apply-status-filed-on = Filled in: { $date }.
apply-status-submitted-on = Reached us: { $date }.
apply-status-office = The office that deals with the application
apply-status-correct = Correct the application

apply-notice-confirmed = Thank you. The address is confirmed, and the application is submitted.
apply-notice-already-confirmed = The address was confirmed before. Below you see where the application stands.
apply-notice-corrected = Thank you. We have the corrected application.
apply-notice-nothing-to-correct = There is nothing to correct in this application now. Below you see where it stands.
apply-notice-not-withdrawn = The application cannot be withdrawn any more. Below you see where it stands.

apply-withdraw-title = Withdrawing the application
apply-withdraw-text = You need no account any more, or something has to be changed?
apply-withdraw-ask = Withdraw the application
apply-withdraw-sure = Do you really want to withdraw the application? This cannot be undone, but you can make a new one at any time.
apply-withdraw-button = Yes, I withdraw the application
apply-withdraw-stay = No, I leave it as it is

apply-correct-title = Correcting the application
apply-correct-lead = The office asks you to correct the application:
apply-correct-button = Send the corrected application

apply-paper-title = Application for an account in { $product }
apply-paper-how = You can print this page (in the browser's menu: Print), fill it in with a pen and take it to your office. The office has forms, too.
apply-paper-online = I prefer to apply on-line
apply-paper-to = { $company }. Please write in capital letters, and tick the boxes that apply.
apply-paper-contractor-number = Contractor number (if known)
apply-paper-city = Postal code and town
apply-paper-office = Name of the office
apply-paper-regulations = I accept the Regulations of { $product }.
apply-paper-signature = Date and legible signature
apply-paper-identity = No PESEL number and no number of an identity card is needed.
apply-paper-where = Where to hand in the application
apply-paper-own-office = Please hand in the application at your office.
