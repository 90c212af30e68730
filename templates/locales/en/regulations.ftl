regulations-link = Regulations
regulations-title = Regulations, version { $version }
regulations-published = In force since: { $date }.
regulations-not-in-force = This version is no longer in force.
regulations-to-current = Go to the one in force
regulations-others = Other versions
regulations-other = Version { $version } of { $date }

regulations-accept-title = New Regulations
regulations-accept-lead = The Regulations have changed. Please read the new version and accept it. Then you will go on.
regulations-accept-version = Version { $version }, in force since: { $date }.
regulations-accept-label = I accept the Regulations in version { $version }.
regulations-accept-button = Accept and go on
regulations-accept-not-now = Not now?
regulations-accept-not-now-text = The account cannot be used until they are accepted, but nothing is lost. You can sign out and come back later. If you have questions, please turn to your office.

regulations-accept-not-ticked = Your consent to the Regulations is missing.
    .next = Please tick the box below the text of the Regulations and press the button again.
regulations-accept-form-expired = The Regulations are not accepted yet, because this page was open for too long.
    .next = Please tick the box again. If this message comes back, please allow cookies in your browser.
regulations-accept-outdated = An even newer version of the Regulations has just come into force.
    .next = It is on this page now. Please read it and tick the box below the text.
