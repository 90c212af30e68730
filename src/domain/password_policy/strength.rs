//! How hard a password is to guess, and what would help: zxcvbn's estimate, by the names of texts. Its own sentences are
//! English, and one of them (no need for digits) is untrue under the procedure's rules.

use zxcvbn::Entropy;
use zxcvbn::feedback::{Feedback, Suggestion, Warning};

/// Advice on a password that somebody wants to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// 0 (guessed at once) to 4 (10^10 guesses and more).
    pub score: u8,
    /// The names of what is weak about it, and what would help, in that order. Nothing, if it is good.
    pub advice: Vec<&'static str>,
}

impl Strength {
    pub(super) fn of(estimate: &Entropy) -> Self {
        let feedback = estimate.feedback();
        let warning = feedback.and_then(Feedback::warning).map(warning);
        let suggestions = feedback.map(Feedback::suggestions).unwrap_or_default();
        let mut advice: Vec<&'static str> =
            warning.into_iter().chain(suggestions.iter().filter_map(|it| suggestion(*it))).collect();
        // Two of theirs may be one of ours.
        let mut seen = Vec::new();
        advice.retain(|name| {
            let is_new = !seen.contains(name);
            seen.push(name);
            is_new
        });
        Self { score: u8::from(estimate.score()), advice }
    }

    /// It is one of the first that a guesser here tries: zxcvbn knows no Polish, and not whom the password is of.
    pub(super) fn at_most_weak(self) -> Self {
        Self { score: self.score.min(1), ..self }
    }

    /// Every name that [`Self::advice`] may have.
    pub const ADVICE: [&'static str; 16] = [
        "keyboard",
        "repeats",
        "repeated-words",
        "very-common",
        "common",
        "like-a-common-one",
        "sequences",
        "years",
        "one-word",
        "dates",
        "names",
        "more-words",
        "capitals",
        "reversed",
        "substitutions",
        "own-dates",
    ];
}

const fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "keyboard"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess => "repeats",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "repeated-words",
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password => "very-common",
        Warning::ThisIsACommonPassword => "common",
        Warning::ThisIsSimilarToACommonlyUsedPassword => "like-a-common-one",
        Warning::SequencesLikeAbcAreEasyToGuess => "sequences",
        Warning::RecentYearsAreEasyToGuess => "years",
        Warning::AWordByItselfIsEasyToGuess => "one-word",
        Warning::DatesAreOftenEasyToGuess => "dates",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "names",
    }
}

/// `None` for what the procedure's rules make untrue.
const fn suggestion(suggestion: Suggestion) -> Option<&'static str> {
    Some(match suggestion {
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => return None,
        Suggestion::UseAFewWordsAvoidCommonPhrases | Suggestion::AddAnotherWordOrTwo => "more-words",
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "capitals",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "reversed",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "substitutions",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "keyboard",
        Suggestion::AvoidRepeatedWordsAndCharacters => "repeated-words",
        Suggestion::AvoidSequences => "sequences",
        Suggestion::AvoidRecentYears => "years",
        Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "own-dates",
    })
}
