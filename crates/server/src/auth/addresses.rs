//! Failed sign-ins from one address, whoever they are of: a single machine cannot try one password on every user, nor keep
//! the processors busy with wrong ones. Successes are never counted. Pure: time is a parameter. Bounded.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use crate::rate::Used;

/// Addresses remembered.
const CAPACITY: usize = 10_000;

/// Failures by address; an IPv6 network of 64 bits is one.
pub(super) struct Addresses {
    /// Failures allowed in the long run.
    per_minute: u32,
    used: BTreeMap<IpAddr, Used>,
}

/// A failure in the unit of the bucket, which counts in seconds.
const FAILURE: usize = 60;

impl Addresses {
    pub(super) fn new(per_minute: u32) -> Addresses {
        Addresses {
            per_minute,
            used: BTreeMap::new(),
        }
    }

    /// Seconds for which nobody may try from there; `None` when somebody may.
    pub(super) fn limited(&self, address: IpAddr, now: i64) -> Option<u64> {
        let used = self.used.get(&network(address))?;
        Some(used.wait_s(now, FAILURE, self.per_minute)).filter(|wait| *wait > 0)
    }

    /// A failure. True when it is the one that exhausts.
    pub(super) fn failed(&mut self, address: IpAddr, now: i64) -> bool {
        let network = network(address);
        if self.used.len() >= CAPACITY && !self.used.contains_key(&network) {
            self.used.retain(|_, used| !used.is_full(now));
            if self.used.len() >= CAPACITY {
                self.used.pop_first();
            }
        }
        let used = self.used.entry(network).or_default();
        used.take(now, FAILURE, self.per_minute) && used.wait_s(now, FAILURE, self.per_minute) > 0
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_fails_too_often_has_to_wait() {
        let mut addresses = Addresses::new(60);
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|it| it.parse::<IpAddr>().unwrap());
        let exhausts: Vec<bool> = (0..11).map(|_| addresses.failed(one, 1_000)).collect();
        assert_eq!(exhausts.iter().position(|it| *it), Some(9));
        assert_eq!(addresses.limited(one, 1_000), Some(1));
        assert_eq!(addresses.limited(one, 2_000), None);
        assert_eq!(addresses.limited(other, 1_000), None);
    }

    #[test]
    fn the_addresses_of_a_network_are_one_and_the_table_is_bounded() {
        let mut addresses = Addresses::new(6);
        for host in 0..10_u128 {
            addresses.failed(IpAddr::V6(Ipv6Addr::from((7_u128 << 64) | host)), 0);
        }
        assert_eq!(addresses.used.len(), 1);
        for network in 0..20_000_u128 {
            addresses.failed(IpAddr::V6(Ipv6Addr::from(network << 64)), 0);
        }
        assert_eq!(addresses.used.len(), CAPACITY);
    }
}
