consent-title = Consent to share your data
consent-lead = “{ $client }” asks for the following data:
scope-openid = a permanent number by which the service will know this account next time; it does not reveal your login
scope-profile = your name and other basic data from your account
scope-email = your e-mail address
scope-phone = your telephone number
scope-address = your home or postal address
scope-iok = your contractor numbers, your premises with your legal title to them, and your office
scope-offline-access = access to these data also while the service is not open
claim-name = your first and last name
claim-given-name = your first name
claim-family-name = your last name
claim-middle-name = your middle name
claim-nickname = your nickname
claim-preferred-username = the name you use with services
claim-profile = the address of your profile page
claim-picture = your picture
claim-website = the address of your own page
claim-gender = your gender
claim-birthdate = your date of birth
claim-zoneinfo = your time zone
claim-locale = your language
claim-updated-at = when your data last changed
claim-email = your e-mail address
claim-email-verified = whether your e-mail address is confirmed
claim-phone-number = your telephone number
claim-phone-number-verified = whether your telephone number is confirmed
claim-address = your home or postal address
claim-contractor-numbers = your contractor numbers
claim-premises = your premises with your legal title to them
claim-office = your office
consent-lasts = For how long?
consent-lasts-signed-in = As long as this device is signed in. After you sign out the service gets no new data.
consent-lasts-until-taken-back = Until you take the access back, also after you sign out; at most { $days ->
        [1] one day
        [365] one year
       *[other] { $days } days
    }.
consent-take-back = You can take your consent back at any time: home page, “My account”, “Services with access”.
consent-question = Do you agree to share these data?
consent-approve = I agree
consent-deny = I do not agree
