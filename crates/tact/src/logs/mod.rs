//! `tact logs`: the files of one or both nodes, in the words of the VOS command line, and their records.
//!
//! - [`get`], [`list`], [`tail`], [`search`]: as `file get|list|tail|search` there
//! - [`mod@asked`]: their words; [`node`]: where the files lie
//! - [`parse`]: the records of files, one a line

pub(crate) mod asked;
pub(crate) mod fetch;
pub(crate) mod node;
pub(crate) mod parse;

use std::io::{self, BufRead as _, BufReader, ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::Result;
use tact_logline::time;

use asked::{Asked, Order, asked};
use node::{File, Node, Who};

/// Lines that `tail` prints when it is not told.
const TAIL: usize = 10;

/// Which files, on which nodes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder of logs or a server such as https://node1:8445; name both nodes to ask both.
    #[arg(
        long = "node",
        value_name = "FOLDER|URL",
        default_value = "./tact-data/logs"
    )]
    nodes: Vec<String>,
    /// The administrator who asks a server.
    #[arg(long)]
    user: Option<String>,
    /// That one's password.
    #[arg(long, env = "TACT_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Accept any certificate. On loopback that is so anyway.
    #[arg(long)]
    insecure: bool,
    /// As in `file get activelog desktop/logs/webservices reltime hours 2 recurs compress`: the path, then the options
    /// reltime UNIT N, abstime FROM TO, match REGEX, recurs, compress; detail, date, size, reverse for a list; lines N,
    /// regexp REGEX, recent for a tail; ignorecase for a search.
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
}

impl Args {
    fn asked(&self, has_pattern: bool) -> Result<Asked> {
        asked(&self.words, has_pattern, tact_server::clock::now_ms())
    }

    fn nodes(&self) -> Result<Vec<Node>> {
        let who = Who {
            user: self.user.as_deref(),
            password: self.password.as_deref(),
            insecure: self.insecure,
        };
        self.nodes
            .iter()
            .map(|address| Node::open(address, &who))
            .collect()
    }
}

/// The files of a node that are asked for.
fn wanted(node: &Node, asked: &Asked) -> Result<Vec<File>> {
    let mut files = node.files()?;
    files.retain(|file| asked.wants(&file.path, file.modified));
    match asked.order {
        Order::Name => {}
        Order::Date => files.sort_by_key(|file| file.modified),
        Order::Size => files.sort_by_key(|file| file.bytes),
    }
    if asked.is_reverse {
        files.reverse();
    }
    Ok(files)
}

/// `tact logs list`.
///
/// # Errors
/// Words that say nothing, nodes that don't answer.
pub(crate) fn list(args: &Args) -> Result<ExitCode> {
    let asked = args.asked(false)?;
    let nodes = args.nodes()?;
    let mut out = String::new();
    for node in &nodes {
        let files = wanted(node, &asked)?;
        named(node, nodes.len(), &mut out);
        for file in &files {
            if asked.is_detailed || asked.order != Order::Name {
                let at = time::rfc3339(file.modified);
                let at = at.get(..19).unwrap_or_default().replace('T', " ");
                out.push_str(&format!("{at}  {:>13}  ", grouped(file.bytes)));
            }
            out.push_str(&file.path);
            out.push('\n');
        }
        out.push_str(&format!("file count = {}\n", files.len()));
    }
    print(out.as_bytes())
}

/// `tact logs get`.
///
/// # Errors
/// As [`list`], and a folder that can't be written.
pub(crate) fn get(args: &fetch::Fetch) -> Result<ExitCode> {
    let asked = args.of.asked(false)?;
    for node in &args.of.nodes()? {
        let files = wanted(node, &asked)?;
        let bytes: u64 = files.iter().map(|file| file.bytes).sum();
        if !asked.recurs {
            eprintln!("Sub-directories were not traversed.");
        }
        eprintln!("Number of files affected: {}", files.len());
        eprintln!("Total size in Bytes: {bytes}");
        if let Some(written) = fetch::into(node, &files, args, asked.compress)? {
            println!("{}", written.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `tact logs tail`: the last lines of each file, or of the newest.
///
/// # Errors
/// As [`list`].
pub(crate) fn tail(args: &Args) -> Result<ExitCode> {
    let asked = args.asked(false)?;
    let regex = asked.regex()?;
    let nodes = args.nodes()?;
    let most = asked.lines.unwrap_or(TAIL);
    for node in &nodes {
        let mut files = wanted(node, &asked)?;
        if asked.recent {
            files.sort_by_key(|file| file.modified);
            files = files.pop().into_iter().collect();
        }
        let has_many = files.len() > 1 || nodes.len() > 1;
        for file in &files {
            let mut last = std::collections::VecDeque::with_capacity(most.min(1_000));
            each_line(node, file, |_, line| {
                if regex.as_ref().is_none_or(|regex| regex.is_match(line)) {
                    if last.len() == most {
                        last.pop_front();
                    }
                    last.push_back(line.to_vec());
                }
                Ok(())
            })?;
            let mut out = Vec::new();
            if has_many {
                writeln!(out, "{}:{}", node.name, file.path)?;
            }
            for line in last.iter().take(most) {
                out.extend_from_slice(line);
                out.push(b'\n');
            }
            print(&out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `tact logs search`. Exit 1 when nothing was found.
///
/// # Errors
/// As [`list`], and a pattern that is none.
pub(crate) fn search(args: &Args) -> Result<ExitCode> {
    let asked = args.asked(true)?;
    let Some(regex) = asked.regex()? else {
        anyhow::bail!("what shall be looked for?");
    };
    let nodes = args.nodes()?;
    let mut found = 0_u64;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for node in &nodes {
        for file in wanted(node, &asked)? {
            each_line(node, &file, |number, line| {
                if regex.is_match(line) {
                    found += 1;
                    if nodes.len() > 1 {
                        write!(out, "{}:", node.name)?;
                    }
                    write!(out, "{}:{number}:", file.path)?;
                    out.write_all(line)?;
                    out.write_all(b"\n")?;
                }
                Ok(())
            })?;
        }
    }
    out.flush()?;
    eprintln!("Search completed: {found} lines");
    Ok(if found > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Longest line that is looked at; the rest of a longer one is another line.
const LONGEST: u64 = 4 << 20;

fn each_line(
    node: &Node,
    file: &File,
    mut each: impl FnMut(u64, &[u8]) -> io::Result<()>,
) -> Result<()> {
    let plain = node.open_file(file)?;
    let plain: Box<dyn io::Read> = if file.path.ends_with(".gz") {
        Box::new(flate2::read::MultiGzDecoder::new(plain))
    } else {
        plain
    };
    let mut reader = BufReader::with_capacity(1 << 16, plain);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if io::Read::take(&mut reader, LONGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let end = line.len() - usize::from(line.ends_with(b"\n"));
        match each(number, line.get(..end).unwrap_or_default()) {
            // A reader such as `head` that has seen enough is no fault.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            other => other?,
        }
    }
    Ok(())
}

fn named(node: &Node, nodes: usize, out: &mut String) {
    if nodes > 1 {
        out.push_str(&format!("{}:\n", node.name));
    }
}

/// `1,927,946`.
fn grouped(bytes: u64) -> String {
    let digits = bytes.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn print(bytes: &[u8]) -> Result<ExitCode> {
    match io::stdout().write_all(bytes) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
