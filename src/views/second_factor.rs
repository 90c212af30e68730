//! `/second-factor`.

use serde::{Serialize, Serializer};

use super::language_switch::Address;
use super::page::Page;
use super::passkey::PasskeyPrompt;
use super::qr::QrDrawing;

/// Sets up a second factor, or asks for it, or shows its recovery codes: `POST /second-factor`.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it holds secrets")]
pub struct SecondFactorPage {
    pub csrf: String,
    /// What goes on afterwards.
    pub authorization: Option<String>,
    pub login: String,
    /// Staff have to have one, and turn to somebody else when it is lost.
    pub is_staff: bool,
    /// The service that asks for more than the password, of somebody who is signed in.
    pub asked_by: Option<String>,
    pub stage: SecondFactorForm,
    pub problem: Option<SecondFactorProblem>,
}

#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it holds secrets")]
pub enum SecondFactorForm {
    SetUp {
        /// The seed in groups, for who cannot take a picture.
        seed: String,
        qr: Option<QrDrawing>,
    },
    Prove {
        /// By a code of an app, or a recovery code.
        by_app: bool,
        passkey: Option<PasskeyPrompt>,
    },
    /// Empty if they were kept in another window.
    KeepCodes { codes: Vec<String> },
}

/// Why it did not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorProblem {
    Wrong,
    /// The page was open for too long, or the browser keeps no cookies.
    FormExpired,
    /// The budget has run out: no code is looked at for a while.
    Refused,
    /// No passkey of this account's, or its answer came too late.
    PasskeyRefused,
}

impl SecondFactorProblem {
    const fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::FormExpired => "form-expired",
            Self::Refused => "refused",
            Self::PasskeyRefused => "passkey-refused",
        }
    }
}

impl Serialize for SecondFactorPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Data<'a> {
            csrf: &'a str,
            authorization: Option<&'a str>,
            login: &'a str,
            is_staff: bool,
            asked_by: Option<&'a str>,
            by_app: bool,
            passkey: Option<&'a PasskeyPrompt>,
            stage: &'static str,
            seed: &'a str,
            qr: Option<&'a QrDrawing>,
            codes: &'a [String],
            problem: Option<&'static str>,
        }

        let (stage, seed, qr, codes): (_, &str, _, &[String]) = match &self.stage {
            SecondFactorForm::SetUp { seed, qr } => ("set-up", seed, qr.as_ref(), &[]),
            SecondFactorForm::Prove { .. } => ("prove", "", None, &[]),
            SecondFactorForm::KeepCodes { codes } => ("codes", "", None, codes),
        };
        let (by_app, passkey) = match &self.stage {
            SecondFactorForm::Prove { by_app, passkey } => (*by_app, passkey.as_ref()),
            SecondFactorForm::SetUp { .. } | SecondFactorForm::KeepCodes { .. } => (true, None),
        };
        Data {
            csrf: &self.csrf,
            authorization: self.authorization.as_deref(),
            login: &self.login,
            is_staff: self.is_staff,
            asked_by: self.asked_by.as_deref(),
            by_app,
            passkey,
            stage,
            seed,
            qr,
            codes,
            problem: self.problem.map(SecondFactorProblem::name),
        }
        .serialize(serializer)
    }
}

impl Page for SecondFactorPage {
    const NAME: &'static str = "second-factor";

    fn address(&self) -> Option<Address<'_>> {
        Some(Address { path: "/second-factor", authorization: self.authorization.as_deref() })
    }

    fn samples() -> Vec<Self> {
        let seed = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned();
        let qr = QrDrawing::of(
            "otpauth://totp/IOK:urszula.sowa?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=IOK",
        );
        let codes = (0..10).map(|number| format!("7h3k-9m2x-p4d{number}-vw8z")).collect();
        let sample = |stage: &SecondFactorForm, problem| Self {
            csrf: "csrf-sample".to_owned(),
            authorization: Some("office".to_owned()),
            login: "urszula.sowa".to_owned(),
            is_staff: true,
            asked_by: None,
            stage: stage.clone(),
            problem,
        };
        let set_up = SecondFactorForm::SetUp { seed: seed.clone(), qr };
        let without_picture = SecondFactorForm::SetUp { seed, qr: None };
        let codes = SecondFactorForm::KeepCodes { codes };
        let kept_elsewhere = SecondFactorForm::KeepCodes { codes: Vec::new() };
        let prove = SecondFactorForm::Prove { by_app: true, passkey: None };
        let either = SecondFactorForm::Prove { by_app: true, passkey: Some(PasskeyPrompt::sample()) };
        let passkey_only = SecondFactorForm::Prove { by_app: false, passkey: Some(PasskeyPrompt::sample()) };
        let of_contractor =
            |page: Self| Self { is_staff: false, asked_by: Some("Rozliczenia".to_owned()), ..page };
        vec![
            sample(&set_up, None),
            sample(&set_up, Some(SecondFactorProblem::Wrong)),
            sample(&without_picture, None),
            sample(&prove, None),
            sample(&prove, Some(SecondFactorProblem::Wrong)),
            sample(&prove, Some(SecondFactorProblem::Refused)),
            sample(&prove, Some(SecondFactorProblem::FormExpired)),
            sample(&codes, None),
            sample(&codes, Some(SecondFactorProblem::FormExpired)),
            sample(&kept_elsewhere, None),
            sample(&either, None),
            sample(&passkey_only, Some(SecondFactorProblem::PasskeyRefused)),
            of_contractor(sample(&set_up, None)),
            of_contractor(sample(&either, Some(SecondFactorProblem::Refused))),
            of_contractor(sample(&passkey_only, None)),
            of_contractor(sample(&codes, None)),
        ]
    }
}
