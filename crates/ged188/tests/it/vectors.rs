//! Captured and published messages: every field, and back to the byte.

use serde_json::Value;
use tact_ged188::{decode, frame_len};

use crate::support::{encoded, fixture, protocol, unhex};

fn vectors() -> Vec<Value> {
    let list: Value = serde_json::from_str(&fixture("vectors.json")).unwrap();
    list.as_array().unwrap().clone()
}

#[test]
fn every_vector_decodes_to_its_fields() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 113);
    for vector in vectors {
        let id = vector["id"].as_str().unwrap();
        let protocol = protocol(vector["protocol"].as_u64().unwrap() as u32);
        let bytes = unhex(vector["hex"].as_str().unwrap());
        let message = decode(&bytes, protocol).unwrap_or_else(|error| panic!("{id}: {error}"));

        assert_eq!(message.name(), vector["name"].as_str().unwrap(), "{id}");
        assert_eq!(
            u64::from(message.message_type()),
            vector["type"].as_u64().unwrap(),
            "{id}"
        );

        let fields: Vec<_> = message
            .fields_at(protocol)
            .map(|(name, value)| serde_json::json!([name, value.number]))
            .collect();
        assert_eq!(&fields, vector["fields"].as_array().unwrap(), "{id}");

        let floats: Vec<_> = message.floats().unwrap().iter().collect();
        let expected = vector["floats"].as_array().unwrap();
        assert_eq!(floats.len(), expected.len(), "{id}");
        for ((tag, value), expected) in floats.into_iter().zip(expected) {
            assert_eq!(u64::from(tag.0), expected[0].as_u64().unwrap(), "{id}");
            assert_eq!(value, unhex(expected[1].as_str().unwrap()), "{id} {tag:?}");
        }
    }
}

#[test]
fn every_vector_encodes_back_to_its_bytes() {
    for vector in vectors() {
        let id = vector["id"].as_str().unwrap();
        let protocol = protocol(vector["protocol"].as_u64().unwrap() as u32);
        let bytes = unhex(vector["hex"].as_str().unwrap());
        assert_eq!(frame_len(&bytes), Ok(Some(bytes.len())), "{id}");
        let message = decode(&bytes, protocol).unwrap();
        assert_eq!(encoded(&message, protocol), bytes, "{id}");
    }
}

#[test]
fn invoke_ids_are_found_where_there_is_one() {
    for vector in vectors() {
        let protocol = protocol(vector["protocol"].as_u64().unwrap() as u32);
        let message = decode(&unhex(vector["hex"].as_str().unwrap()), protocol).unwrap();
        let expected = vector["fields"]
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field[0] == "InvokeID")
            .and_then(|field| field[1].as_u64())
            .map(|id| id as u32);
        assert_eq!(message.invoke_id(), expected, "{}", vector["id"]);
    }
}
