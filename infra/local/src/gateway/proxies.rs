//! Who calls, where a proxy stands in front of this machine.

use std::net::IpAddr;
use std::str::FromStr;

use http::HeaderMap;
use ipnet::IpNet;
use serde::Deserialize;

/// The proxies that are believed about who calls them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Proxies(Vec<IpNet>);

/// A text that names no addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of addresses or networks")]
pub struct InvalidProxies;

impl FromStr for Proxies {
    type Err = InvalidProxies;

    /// Addresses (`127.0.0.1`) and networks (`10.0.0.0/8`), with commas between them.
    fn from_str(text: &str) -> Result<Self, InvalidProxies> {
        let network = |text: &str| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let named = text.split(',').map(str::trim).map(network);
        named.collect::<Result<_, _>>().map(Self).map_err(|_| InvalidProxies)
    }
}

impl TryFrom<String> for Proxies {
    type Error = InvalidProxies;
    fn try_from(text: String) -> Result<Self, InvalidProxies> {
        text.parse()
    }
}

impl Proxies {
    /// None is named.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who called: the peer, or, where that is a proxy of ours, whoever it says called it. Each proxy writes its
    /// caller at the end of `X-Forwarded-For`; what stands before the first that is none of ours may be forged.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let told = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<IpAddr> =
            told.flat_map(|told| told.split(',')).map_while(|hop| hop.trim().parse().ok()).collect();
        let mut caller = peer;
        for hop in hops.into_iter().rev() {
            if !self.names(caller) {
                break;
            }
            caller = hop;
        }
        caller
    }

    fn names(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(proxies: &str, peer: &str, told: &[&str]) -> String {
        let proxies = if proxies.is_empty() { Proxies::default() } else { proxies.parse().expect("a list") };
        let headers = told
            .iter()
            .map(|told| (http::HeaderName::from_static("x-forwarded-for"), told.parse().expect("a value")));
        proxies.caller(peer.parse().expect("an address"), &headers.collect()).to_string()
    }

    #[test]
    fn only_a_named_proxy_is_believed_and_only_about_its_own_caller() {
        assert_eq!(caller("", "127.0.0.1", &["203.0.113.7"]), "127.0.0.1");
        assert_eq!(caller("127.0.0.1", "127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(caller("127.0.0.1", "198.51.100.1", &["203.0.113.7"]), "198.51.100.1");
        assert_eq!(caller("127.0.0.1", "127.0.0.1", &["10.9.9.9, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(caller("127.0.0.1", "127.0.0.1", &["10.9.9.9", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(caller("127.0.0.1, 10.0.0.0/8", "127.0.0.1", &["203.0.113.7, 10.1.2.3"]), "203.0.113.7");
        assert_eq!(caller("127.0.0.1", "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_is_no_address_ends_the_list() {
        assert_eq!(caller("127.0.0.1", "127.0.0.1", &["unknown, 203.0.113.7"]), "127.0.0.1");
        assert!("10.0.0.0/40".parse::<Proxies>().is_err() && "proxy".parse::<Proxies>().is_err());
    }
}
