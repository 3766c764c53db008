//! Slows down the guessing of passwords.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};

/// Attempts at once, then one every [`EVERY`], for one login from one address.
const BURST: NonZeroU32 = NonZeroU32::new(8).unwrap();
const EVERY: Duration = Duration::from_secs(10);
/// Attempts a minute from one address, whatever the logins: a whole class behind one router.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Keys remembered before old ones are swept out.
const KEYS: usize = 10_000;

/// Counts attempts to sign in, per login and address and per address.
pub struct SignInLimits {
    pairs: DefaultKeyedRateLimiter<(String, IpAddr)>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for SignInLimits {
    fn default() -> Self {
        let pair = Quota::with_period(EVERY).map_or(Quota::per_minute(BURST), |quota| quota.allow_burst(BURST));
        Self {
            pairs: DefaultKeyedRateLimiter::keyed(pair),
            addresses: DefaultKeyedRateLimiter::keyed(Quota::per_minute(ADDRESS_BURST)),
        }
    }
}

impl SignInLimits {
    /// Counts an attempt.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub fn admit(&self, login: &str, from: IpAddr) -> Result<(), Duration> {
        let from = network(from);
        let clock = DefaultClock::default();
        let login: String = login.trim().to_lowercase().chars().take(64).collect();
        self.sweep();
        self.addresses.check_key(&from).map_err(|refused| refused.wait_time_from(clock.now()))?;
        self.pairs.check_key(&(login, from)).map_err(|refused| refused.wait_time_from(clock.now()))
    }

    fn sweep(&self) {
        if self.pairs.len() > KEYS {
            self.pairs.retain_recent();
        }
        if self.addresses.len() > KEYS {
            self.addresses.retain_recent();
        }
    }
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
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let (a, b): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());

        assert_eq!(network(a), network(b));
    }
}
