//! Slows down the guessing of passwords.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

/// Failed attempts at once, then one every [`EVERY`], for one login from one address.
const BURST: NonZeroU32 = NonZeroU32::new(8).unwrap();
const EVERY: Duration = Duration::from_secs(10);
/// Attempts a minute from one address, whatever the logins: a whole class behind one router.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Keys remembered before old ones are swept out.
const KEYS: usize = 10_000;

/// Counts attempts to sign in, per login and address and per address.
pub struct SignInLimits {
    pairs: Mutex<HashMap<(String, IpAddr), DefaultDirectRateLimiter>>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self { pairs: Mutex::default(), addresses: DefaultKeyedRateLimiter::keyed(Quota::per_minute(ADDRESS_BURST)) }
    }
}

impl SignInLimits {
    /// Counts an attempt. Call [`Self::forget`] when it was right.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub fn admit(&self, login: &str, from: IpAddr) -> Result<(), Duration> {
        let from = network(from);
        let clock = DefaultClock::default();
        if self.addresses.len() > KEYS {
            self.addresses.retain_recent();
        }
        self.addresses.check_key(&from).map_err(|refused| refused.wait_time_from(clock.now()))?;
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() > KEYS {
            // Whoever is still failing after the sweep soon counts again.
            pairs.clear();
        }
        let pair = pairs.entry(key(login, from)).or_insert_with(|| RateLimiter::direct(per_pair()));
        pair.check().map_err(|refused| refused.wait_time_from(clock.now()))
    }

    /// Forgets the failures of `login` from this address: its owner has signed in.
    pub fn forget(&self, login: &str, from: IpAddr) {
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(login, network(from)));
    }
}

fn key(login: &str, from: IpAddr) -> (String, IpAddr) {
    (login.trim().to_lowercase().chars().take(64).collect(), from)
}

fn per_pair() -> Quota {
    Quota::with_period(EVERY).map_or(Quota::per_minute(BURST), |quota| quota.allow_burst(BURST))
}

/// An IPv6 customer has a whole /64 of addresses; they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            v6.to_ipv4_mapped().map_or(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)), IpAddr::V4)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn guessing_one_login_is_slowed_down_and_others_are_not() {
        let limits = SignInLimits::default();
        for _ in 0..BURST.get() {
            limits.admit("amara", HERE).unwrap();
        }

        let wait = limits.admit(" Amara", HERE).unwrap_err();

        assert!(wait <= EVERY, "{wait:?}");
        assert!(limits.admit("lin", HERE).is_ok());
    }

    #[test]
    fn signing_in_often_is_not_guessing() {
        let limits = SignInLimits::default();
        for _ in 0..3 * BURST.get() {
            limits.admit("amara", HERE).unwrap();
            limits.forget("Amara ", HERE);
        }
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let (a, b): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());

        assert_eq!(network(a), network(b));
    }
}
