//! What somebody has before them while they act.

use serde::{Deserialize, Serialize};

/// What somebody acts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormFactor {
    /// In one hand.
    Phone,
    /// In two.
    Tablet,
    /// On a desk.
    Computer,
}

impl FormFactor {
    /// By what a browser says of itself (`User-Agent`); none of what is no browser. An iPad, and an Android tablet,
    /// that asks for the pages of a desktop says that it is one, and is taken at its word.
    pub fn of_agent(agent: &str) -> Option<Self> {
        let says = |word| agent.contains(word);
        match () {
            () if says("iPad") => Some(Self::Tablet),
            () if says("iPhone") || says("iPod") => Some(Self::Phone),
            () if says("Android") => Some(if says("Mobile") { Self::Phone } else { Self::Tablet }),
            () if ["Windows NT", "Macintosh", "X11", "CrOS"].into_iter().any(says) => Some(Self::Computer),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_says_what_it_runs_on() {
        let chrome = |system: &str, mobile: &str| {
            format!(
                "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 {mobile}Safari/537.36"
            )
        };
        let cases = [
            (chrome("Linux; Android 10; K", "Mobile "), Some(FormFactor::Phone)),
            (chrome("Linux; Android 10; K", ""), Some(FormFactor::Tablet)),
            (chrome("X11; Linux x86_64", ""), Some(FormFactor::Computer)),
            (chrome("Windows NT 10.0; Win64; x64", ""), Some(FormFactor::Computer)),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148".to_owned(),
                Some(FormFactor::Phone),
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Mobile/15E148".to_owned(),
                Some(FormFactor::Tablet),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5".to_owned(),
                Some(FormFactor::Computer),
            ),
            ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0".to_owned(), Some(FormFactor::Phone)),
            ("curl/8.14".to_owned(), None),
            (String::new(), None),
        ];
        for (agent, device) in cases {
            assert_eq!(FormFactor::of_agent(&agent), device, "{agent}");
        }
    }
}
