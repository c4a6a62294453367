//! Builds the server again when the pages that it embeds change; they may be absent.

fn main() {
    println!("cargo:rerun-if-changed=assets");
}
