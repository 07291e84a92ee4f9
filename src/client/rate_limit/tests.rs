#![allow(clippy::unwrap_used)]
use super::*;

fn with(value: &str) -> HeaderMap {
    [(http::header::RETRY_AFTER, value.parse().unwrap())]
        .into_iter()
        .collect()
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    assert_eq!(retry_after(&with("3")), Some(Duration::from_secs(3)));
    assert_eq!(
        retry_after(&with("Wed, 21 Oct 2015 07:28:00 GMT")),
        Some(Duration::ZERO)
    );
    let many = "9".repeat(40);
    assert_eq!(
        retry_after(&with(&many)),
        Some(Duration::from_secs(u64::MAX))
    );
    for invalid in ["soon", "-1", "", "1.5"] {
        assert_eq!(retry_after(&with(invalid)), None, "{invalid}");
    }
}

fn refused(rate_limit: &mut RateLimit, headers: &HeaderMap, now: Instant) -> Result<Delay, GaveUp> {
    rate_limit.refused(&mut Refusals::default(), headers, now)
}

#[test]
fn a_pause_beyond_the_limit_is_not_waited_for() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let now = Instant::now();
    let years = with("99999999");
    let gave_up = refused(&mut rate_limit, &years, now).unwrap_err();
    assert_eq!(
        gave_up.describe(429, &years),
        "the registry answered 429 with `Retry-After: 99999999`, which is longer than the limit of 1m 30s"
    );
    assert_eq!(rate_limit.left(now), None);
    let short = refused(&mut rate_limit, &with("60"), now).unwrap();
    assert_eq!(short, Delay::Request(Duration::from_secs(60)));
}

#[test]
fn a_registry_that_answers_nothing_but_429_is_given_up() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let (start, mut request) = (Instant::now(), Refusals::default());
    let mut now = start;
    let gave_up = loop {
        match rate_limit.refused(&mut request, &HeaderMap::new(), now) {
            Ok(Delay::Run(Pause { length, .. }) | Delay::Request(length)) => now += length,
            Err(gave_up) => break gave_up.describe(429, &HeaderMap::new()),
        }
    };
    assert!(
        gave_up.starts_with("the registry kept answering 429; gave up after 1m 3"),
        "{gave_up}"
    );
    let waited = now.duration_since(start);
    assert!((90..100).contains(&waited.as_secs()), "{waited:?}");
}

#[test]
fn a_request_that_waits_its_turn_has_more_time_than_one_that_is_refused_alone() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let (start, mut request) = (Instant::now(), Refusals::default());
    let mut now = start;
    let gave_up = loop {
        now += Duration::from_secs(2);
        (0..5).for_each(|_| rate_limit.answered(now));
        for _ in 0..6 {
            let other = rate_limit.refused(&mut Refusals::default(), &HeaderMap::new(), now);
            assert!(other.is_ok(), "{other:?}");
        }
        match rate_limit.refused(&mut request, &HeaderMap::new(), now) {
            Ok(delay) => assert!(matches!(delay, Delay::Run(_)), "{delay:?}"),
            Err(gave_up) => break gave_up,
        }
    };
    assert!(matches!(gave_up, GaveUp::After(_)), "{gave_up:?}");
    let waited = now.duration_since(start);
    assert!((270..280).contains(&waited.as_secs()), "{waited:?}");
}

#[test]
fn one_resource_that_is_refused_delays_its_own_request() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let (now, mut request) = (Instant::now(), Refusals::default());
    for wait in [100, 200, 400] {
        (0..10).for_each(|_| rate_limit.answered(now));
        let delay = rate_limit.refused(&mut request, &HeaderMap::new(), now);
        assert_eq!(delay, Ok(Delay::Request(Duration::from_millis(wait))));
    }
    assert_eq!(rate_limit.left(now), None);
    let note = rate_limit.note().unwrap();
    assert!(note.starts_with("3 responses were 429"), "{note}");
}

#[test]
fn many_refusals_make_every_request_wait() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let now = Instant::now();
    for _ in 1..MANY {
        let delay = refused(&mut rate_limit, &HeaderMap::new(), now);
        assert!(matches!(delay, Ok(Delay::Request(_))), "{delay:?}");
    }
    let delay = refused(&mut rate_limit, &HeaderMap::new(), now);
    assert!(matches!(delay, Ok(Delay::Run(_))), "{delay:?}");
    assert_eq!(rate_limit.left(now), Some(FIRST_PAUSE));
}

#[test]
fn several_requests_that_are_refused_again_make_every_request_wait() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let now = Instant::now();
    (0..1000).for_each(|_| rate_limit.answered(now));
    let mut requests: Vec<Refusals> = (0..AGAIN).map(|_| Refusals::default()).collect();
    for round in 0..2 {
        for (index, request) in requests.iter_mut().enumerate() {
            let delay = rate_limit.refused(request, &HeaderMap::new(), now);
            let last = round == 1 && index + 1 == AGAIN;
            assert_eq!(matches!(delay, Ok(Delay::Run(_))), last, "{delay:?}");
        }
    }
}

#[test]
fn pauses_grow_and_only_news_is_reported() {
    let mut rate_limit = RateLimit::new(Duration::from_secs(90));
    let now = Instant::now();
    let mut pause = |at| {
        rate_limit.window.at(at).again = AGAIN;
        match refused(&mut rate_limit, &HeaderMap::new(), at) {
            Ok(Delay::Run(pause)) => (pause.length, pause.is_news),
            other => unreachable!("{other:?}"),
        }
    };
    assert_eq!(pause(now), (FIRST_PAUSE, true));
    assert_eq!(pause(now + Duration::from_millis(1)), (FIRST_PAUSE, false));
    assert_eq!(pause(now + Duration::from_secs(1)), (FIRST_PAUSE * 2, true));
}
