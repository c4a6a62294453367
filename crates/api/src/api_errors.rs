//! ApiErrors: a refusal. HTTP bodies spell the elements with a capital, notifications with a small first letter
//! (finesse-api.md 1.5), so they are two documents.

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// The body of a refused request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiErrors {
    /// One as a rule.
    pub errors: Vec<ApiError>,
}

/// One reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiError {
    /// Such as `Invalid Input`.
    pub error_type: String,
    /// Such as `UNAUTHORIZED`, or a sentence.
    pub message: String,
    /// What it is about, such as `state`; may be empty.
    pub data: String,
}

/// The refusal of a request that had been accepted: the payload of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AsyncApiErrors {
    /// One as a rule.
    pub errors: Vec<AsyncApiError>,
}

/// One reason, as the CTI server gave it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AsyncApiError {
    /// Such as `Invalid State`.
    pub error_type: String,
    /// The status code's name, such as `CF_INVALID_LOGON_DEVICE_SPECIFIED`.
    pub message: String,
    /// The status code, such as `260`.
    pub data: String,
    /// The peripheral's own error, where it gave one.
    pub peripheral: Option<PeripheralError>,
}

/// A peripheral's own error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeripheralError {
    /// Such as 13036.
    pub code: u32,
    /// The constant's name.
    pub name: String,
    /// The text for people.
    pub text: String,
}

impl ApiErrors {
    /// A refusal with one reason.
    pub fn one(
        error_type: impl Into<String>,
        message: impl Into<String>,
        data: impl Into<String>,
    ) -> ApiErrors {
        ApiErrors {
            errors: vec![ApiError {
                error_type: error_type.into(),
                message: message.into(),
                data: data.into(),
            }],
        }
    }
}

impl Document for ApiErrors {
    const NAME: &'static str = "ApiErrors";

    fn write(&self, out: &mut dyn Writer) {
        out.list("ApiError");
        for error in &self.errors {
            out.start("ApiError");
            out.text("ErrorType", &error.error_type);
            out.text("ErrorMessage", &error.message);
            out.text("ErrorData", &error.data);
            out.end("ApiError");
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<ApiErrors, ReadError> {
        let read = |error: &Element| ApiError {
            error_type: error.string_of("ErrorType"),
            message: error.string_of("ErrorMessage"),
            data: error.string_of("ErrorData"),
        };
        Ok(ApiErrors {
            errors: root.children("ApiError").map(read).collect(),
        })
    }
}

impl Document for AsyncApiErrors {
    const NAME: &'static str = "apiErrors";

    fn write(&self, out: &mut dyn Writer) {
        out.list("apiError");
        for error in &self.errors {
            out.start("apiError");
            out.text("errorData", &error.data);
            out.text("errorMessage", &error.message);
            out.text("errorType", &error.error_type);
            if let Some(peripheral) = &error.peripheral {
                out.number("peripheralErrorCode", peripheral.code.into());
                out.text("peripheralErrorMsg", &peripheral.name);
                out.text("peripheralErrorText", &peripheral.text);
            }
            out.end("apiError");
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<AsyncApiErrors, ReadError> {
        let read = |error: &Element| {
            let code: Option<u32> = error.value_of("peripheralErrorCode")?;
            Ok(AsyncApiError {
                error_type: error.string_of("errorType"),
                message: error.string_of("errorMessage"),
                data: error.string_of("errorData"),
                peripheral: code.map(|code| PeripheralError {
                    code,
                    name: error.string_of("peripheralErrorMsg"),
                    text: error.string_of("peripheralErrorText"),
                }),
            })
        };
        Ok(AsyncApiErrors {
            errors: root
                .children("apiError")
                .map(read)
                .collect::<Result<_, _>>()?,
        })
    }
}
