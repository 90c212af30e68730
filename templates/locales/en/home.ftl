home-title = Home page
home-lead = One sign-in for all services of { $company }.
home-greeting = Good day, { $name }
home-login = Login:
home-services = Our services
sign-out-button = Sign out

sign-out-title = Would you like to sign out?
sign-out-lead = After you sign out, the services of { $product } will ask for your password again.
sign-out-lead-for = “{ $client }” asks to sign you out. After you sign out, the services of { $product } will ask for your password again.
sign-out-confirm = Yes, sign me out
sign-out-stay = No, I am staying

signed-out-title = You are signed out
signed-out-text = Thank you for using { $product }.
signed-out-others = Other services that are still open sign you out by themselves in a moment. On a shared computer it is best to close the browser.
sign-in-again-link = Sign in again

continue-title = You have already signed in
continue-text = You are signed in. You can go back to “{ $client }”.
continue-text-by-hand = You are signed in. Please open “{ $client }” the way you usually do.
continue-link = Go to: { $client }

form-post-title = Back to the service
form-post-text = “{ $client }” will open in a moment. If it does not, please use the button.
form-post-button = Go to: { $client }
