//! What an Update or an `ApiErrors` document says: the request that it answers, and its first error.

use tact_logline::client;

use crate::fact::ApiFailure;

/// The text of `<requestId>` in an Update, without an article's line breaks.
pub(crate) fn request_id(payload: &str) -> Option<String> {
    let (_, after) = payload.split_once("<requestId>")?;
    let id: String = after.split('<').next()?.split_ascii_whitespace().collect();
    (!id.is_empty()).then_some(id)
}

/// The text of `<state>` in an Update of a user.
pub(crate) fn state(payload: &str) -> Option<String> {
    let (_, after) = payload.split_once("<state>")?;
    let state: String = after.split('<').next()?.split_ascii_whitespace().collect();
    (!state.is_empty()).then_some(state)
}

/// The first error. A REST answer writes `<ErrorType>`, an event `<errorType>`.
pub(crate) fn failure(payload: &str) -> Option<ApiFailure> {
    let is_error = payload.contains("<apiErrors>") || payload.contains("<ApiErrors>");
    if !is_error {
        return desktop_failure(payload);
    }
    let value = |lower: &str, upper: &str| -> String {
        let after = [lower, upper]
            .iter()
            .find_map(|name| Some(payload.split_once(&format!("<{name}>"))?.1))
            .unwrap_or_default();
        client::unescaped(after.split('<').next().unwrap_or_default().trim()).into_owned()
    };
    let parts = [
        value("errorType", "ErrorType"),
        value("errorMessage", "ErrorMessage"),
    ];
    let said: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    Some(ApiFailure {
        text: said.join(": "),
        data: value("errorData", "ErrorData").parse().ok(),
        peripheral: value("peripheralErrorCode", "PeripheralErrorCode")
            .parse()
            .ok(),
    })
}

/// The desktop interface of 12.5 and later writes what is nearly JSON, with bare names (logs.md 2.10).
fn desktop_failure(payload: &str) -> Option<ApiFailure> {
    if !payload.contains("apiErrors") || !payload.contains("\"errorType\"") {
        return None;
    }
    let value = |name: &str| {
        let (_, after) = payload.split_once(&format!("\"{name}\""))?;
        after
            .trim_start()
            .strip_prefix(':')?
            .trim_start()
            .strip_prefix('"')?
            .split('"')
            .next()
    };
    let said: Vec<&str> = ["errorType", "errorMessage", "errorData"]
        .into_iter()
        .filter_map(value)
        .filter(|part| !part.is_empty())
        .collect();
    Some(ApiFailure {
        text: said.join(": "),
        data: value("errorData").and_then(|data| data.parse().ok()),
        peripheral: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_in_both_spellings() {
        let answer = "<ApiErrors>\n <ApiError><ErrorType>User Not Found</ErrorType><ErrorData>4023</ErrorData>\
            <ErrorMessage>UNKNOWN_USER</ErrorMessage></ApiError></ApiErrors>";
        let found = failure(answer).expect("an error");
        assert_eq!(found.text, "User Not Found: UNKNOWN_USER");
        assert_eq!((found.data, found.peripheral), (Some(4023), None));
        let event = "<Update><data><apiErrors><apiError><errorData>34</errorData><errorMessage>CF_X</errorMessage>\
            <errorType>Device out of service</errorType><peripheralErrorCode>20119</peripheralErrorCode>\
            </apiError></apiErrors></data><requestId>a\n b</requestId></Update>";
        let found = failure(event).expect("an error");
        assert_eq!((found.data, found.peripheral), (Some(34), Some(20_119)));
        assert_eq!(request_id(event).as_deref(), Some("ab"));
        assert_eq!(failure("<Update><data/></Update>"), None);
        let bare = "{ status : 400, apiErrors : { \"errorType\": \"Bad Request\", \"errorMessage\": \"x\" } }";
        assert_eq!(
            failure(bare).map(|found| found.text).as_deref(),
            Some("Bad Request: x")
        );
    }
}
