// The whole procedure, as the guides tell it, and the pictures on its way.
//
// Whoever changes a page finds the selectors here broken at the page that changed, with its text in the error.

import { join } from "node:path";

import { codeOf } from "./authenticator.mjs";

const OFFICE = "Administracja nr 1 Centrum";
// In the sample register, and without an account.
const APPLICANT = {
  "#given-name": "Barbara",
  "#family-name": "Olszewska",
  "#contractor-number": "100121",
  "#street": "ul. Kubiny 16/3",
  "#postal-code": "41-601",
  "#city": "Świętochłowice",
  "#email": "barbara.olszewska@poczta.example",
  "#phone-number": "600 100 121",
};
// The office works at larger screens.
const DESK = 1000;
const CHOSEN = "Kra7!wed#9q";
const CHOSEN_LATER = "Lis4&zorza%2";

export async function play(demo, driver, folder) {
  const at = (name) => join(folder, `${name}.png`);
  const barbara = await driver.browser("barbara");
  await apply(demo, barbara, at);

  const urszula = await driver.browser("urszula", DESK);
  await enterOffice(demo, urszula, "urszula.sowa", at);
  await approve(demo, urszula, at);
  await takeInPaper(demo, urszula, at);
  const letter = await print(demo, urszula, at);
  await urszula.close();
  await showMail(demo, barbara, "konto jest założone", at("mail-konto-zalozone"));

  const bogdan = await driver.browser("bogdan", DESK);
  await enterOffice(demo, bogdan, "bogdan.kruk");
  await handOver(demo, bogdan, letter, at);

  await signInWithLetter(demo, barbara, letter, at);
  await recover(demo, barbara, letter, at);
  await helpAccount(demo, bogdan, letter, at);
  await bogdan.close();

  const irena = await driver.browser("irena", DESK);
  await enterOffice(demo, irena, "irena.czajka");
  await agree(demo, irena, at);
}

async function apply(demo, browser, at) {
  await browser.open(`${demo.provider}/apply`);
  await browser.click("#applicant-person");
  for (const [selector, text] of Object.entries(APPLICANT)) await browser.type(selector, text);
  await browser.click("#title-role-owner");
  await browser.choose("#office", OFFICE);
  await browser.tick("#regulations");
  await browser.picture(at("wniosek"), ["[aria-labelledby=premises]"]);
  await browser.picture(at("wniosek-wyslij"), ["[aria-labelledby=contact]", "#send"]);
  await browser.click("#send");
  await browser.text("#sent");
  await showMail(demo, browser, "potwierdzić adres", at("mail-potwierdzenie"));
  await followMail(demo, browser, "potwierdzić adres", "/apply/confirm/");
  await browser.picture(at("wniosek-potwierdzenie"), [".card"]);
  await browser.click("#confirm");
  await browser.picture(at("wniosek-stan"), [".card"]);
}

// The first sign-in of somebody at the office.
async function enterOffice(demo, browser, login, at) {
  await browser.open(`${demo.provider}/office`);
  await signIn(browser, login, demo.initialPassword(login));
  await choosePassword(browser, CHOSEN);
  if (at) await browser.picture(at("pracownik-drugi-skladnik"), [".card"]);
  await browser.type("#code", codeOf(await browser.text("#seed")));
  await browser.click("#prove");
  if (at) await browser.picture(at("pracownik-kody-zapasowe"), [".card"]);
  await browser.click("#codes-kept");
  await browser.text("#staff-name");
}

async function approve(demo, browser, at) {
  await browser.open(`${demo.provider}/office`);
  await browser.picture(at("pracownik-kolejka"), ["header.top", "#queue"]);
  await browser.click("#queue tbody a");
  await browser.tick("#contractor-1");
  await browser.picture(at("pracownik-porownanie"), ["#register"]);
  await browser.picture(at("pracownik-decyzja"), ["[aria-labelledby=approve-title]", "[aria-labelledby=reject-title]"]);
  await browser.click("#approve");
  await browser.text("#told");
}

async function takeInPaper(demo, browser, at) {
  await browser.open(`${demo.provider}/office/intake`);
  await browser.picture(at("pracownik-papier"), ["h1", "#scan_reference"]);
}

async function print(demo, browser, at) {
  await browser.open(`${demo.provider}/office/letters`);
  await browser.picture(at("pracownik-wydruk"), ["h1", "#print"]);
  await browser.tick("[aria-labelledby=to-print] [type=checkbox]");
  await browser.click("#print");
  await browser.text("#all-letters");
  await browser.picture(at("list"), [".letter"], { print: true });
  return {
    login: await browser.text(".letter-login"),
    password: await browser.text(".letter-password"),
    serial: await browser.text(".letter-serial"),
    codes: await browser.texts(".letter-codes li"),
  };
}

async function handOver(demo, browser, letter, at) {
  await browser.open(`${demo.provider}/office/collection`);
  await browser.type("#serial", letter.serial);
  await browser.click("#find-letter");
  await browser.click("#document-identity_card");
  await browser.tick("#signed");
  await browser.picture(at("pracownik-odbior"), ["#letter"]);
  await browser.click("#hand-over");
  await browser.text("#notice");
}

async function signInWithLetter(demo, browser, letter, at) {
  await browser.open(`${demo.provider}/sign-in`);
  await browser.type("#login", letter.login);
  await browser.type("#password", letter.password);
  await browser.picture(at("logowanie"), [".card", ".aside"]);
  await browser.click("#sign-in");
  await browser.picture(at("nowe-haslo"), [".card"]);
  await choosePassword(browser, CHOSEN);
  await browser.open(`${demo.provider}/account`);
  await browser.picture(at("moje-konto"), ["nav.parts", "#premises"]);
  await browser.open(`${demo.provider}/account/sessions`);
  await browser.click("#sign-out");
}

async function recover(demo, browser, letter, at) {
  await browser.open(`${demo.provider}/recover`);
  await browser.type("#login", letter.login);
  await browser.type("#serial", letter.serial);
  await browser.type("#code", letter.codes[0]);
  await browser.picture(at("odzyskanie"), ["label[for=login]", "figure.letter"]);
  await browser.click("#recover");
  await browser.picture(at("odzyskanie-nowe-haslo"), [".card"]);
  await choosePassword(browser, CHOSEN_LATER);
  await showMail(demo, browser, "odzyskany", at("mail-odzyskanie"));
}

async function helpAccount(demo, browser, letter, at) {
  await browser.open(`${demo.provider}/office/accounts`);
  await browser.type("#text", letter.login);
  await browser.click("#find-accounts");
  await browser.click("#found tbody a");
  await browser.picture(at("pracownik-konto"), ["h1", "[aria-labelledby=actions]"]);
  await browser.click("details:has(#change-email) summary");
  await browser.type("#value-change-email", "b.olszewska@poczta.example");
  await browser.type("#reason-change-email", "Prośba złożona osobiście, sprawdzono dowód osobisty. Dawna skrzynka jest zamknięta.");
  await browser.click("#change-email");
  await browser.text("#notice");
}

async function agree(demo, browser, at) {
  await browser.open(`${demo.provider}/office/approvals`);
  await browser.type(".approval textarea", "Potwierdzone telefonicznie pod dotychczasowym numerem.");
  await browser.picture(at("pracownik-zgody"), ["h1", ".approval"]);
  await browser.click(".approval .primary");
  await browser.text("#notice");
  await browser.open(`${demo.provider}/office/mail`);
  await browser.picture(at("pracownik-poczta"), ["h1", "#counts"]);
}

async function signIn(browser, login, password) {
  await browser.type("#login", login);
  await browser.type("#password", password);
  await browser.click("#sign-in");
}

async function choosePassword(browser, password) {
  await browser.type("#new-password", password);
  await browser.type("#new-password-repeat", password);
  await browser.click("#change-password");
}

// The newest message whose subject has these words, as a mail program shows it.
async function showMail(demo, browser, words, file) {
  const message = await findMail(demo, browser, words);
  await browser.open(`${demo.provider}/demo/mail/${message}/html`);
  await browser.picture(file, ["body > *"]);
}

async function followMail(demo, browser, words, path) {
  const message = await findMail(demo, browser, words);
  await browser.open(await browser.href(`#mail-${message} a[href*="${path}"]`));
}

// Its number. Mail takes a moment.
async function findMail(demo, browser, words) {
  for (let tries = 0; tries < 100; tries += 1) {
    await browser.open(`${demo.provider}/demo/mail`);
    const number = await browser.script(
      `const subject = [...document.querySelectorAll(".message h2")].find((h2) => h2.innerText.includes(arguments[0]));
       return subject?.parentElement.id.replace("mail-", "");`,
      words,
    );
    if (number) return number;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nobody got a message about "${words}"`);
}
