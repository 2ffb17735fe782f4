//! Turns pulldown-cmark's events into our nodes, with a stack of its own so that no input nests too deep.

use super::{Block, Inline, Item, SafeUrl};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

/// Containers deeper than this are dissolved: what they hold moves up.
pub const MAX_DEPTH: usize = 24;

/// Longer text is not read as markdown.
pub const MAX_BYTES: usize = 256 * 1024;

/// Reads markdown. Text longer than [`MAX_BYTES`] comes back as one plain paragraph.
pub fn parse(text: &str) -> Vec<Block> {
    if text.len() > MAX_BYTES {
        return vec![Block::Paragraph(vec![Inline::Text(text.to_owned())])];
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder { stack: vec![Frame::new(Holder::Document)] };
    for event in Parser::new_ext(text, options) {
        builder.take(event);
    }
    while builder.stack.len() > 1 {
        builder.close();
    }
    builder.stack.pop().map(Frame::into_blocks).unwrap_or_default()
}

/// What an open tag will become.
enum Holder {
    Document,
    Paragraph,
    Heading(u8),
    Code(String),
    Quote,
    List(Option<u64>),
    Item(Option<bool>),
    Table,
    TableRow,
    TableCell,
    Strong,
    Emphasis,
    Struck,
    Link(String),
    Image(String),
    /// Only its content counts: an unknown tag, or one nested too deep.
    Nothing,
}

struct Frame {
    holder: Holder,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Item>,
    rows: Vec<Vec<Vec<Inline>>>,
    cells: Vec<Vec<Inline>>,
}

impl Frame {
    fn new(holder: Holder) -> Self {
        Frame { holder, blocks: vec![], inlines: vec![], items: vec![], rows: vec![], cells: vec![] }
    }

    /// Loose text between blocks (a tight list item, raw HTML) is a paragraph of its own.
    fn flush(&mut self) {
        if !self.inlines.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.inlines)));
        }
    }

    fn into_blocks(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

struct Builder {
    stack: Vec<Frame>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => {
                let holder = self.holder_of(tag);
                self.stack.push(Frame::new(holder));
            }
            Event::End(_) => self.close(),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::Code(code) => self.inline(Inline::Code(code.into_string())),
            Event::FootnoteReference(name) => self.text(&format!("[^{name}]")),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.inline(Inline::LineBreak),
            Event::Rule => self.block(Block::Rule),
            Event::TaskListMarker(is_done) => {
                if let Some(Frame { holder: Holder::Item(done), .. }) =
                    self.stack.iter_mut().rev().find(|frame| matches!(frame.holder, Holder::Item(_)))
                {
                    *done = Some(is_done);
                }
            }
        }
    }

    fn holder_of(&self, tag: Tag<'_>) -> Holder {
        let is_too_deep = self.stack.len() > MAX_DEPTH;
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Holder::Code(info.split([' ', ',']).next().unwrap_or_default().to_owned())
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Holder::Code(String::new()),
            Tag::Paragraph => Holder::Paragraph,
            Tag::Heading { level, .. } => Holder::Heading(level_number(level)),
            _ if is_too_deep => Holder::Nothing,
            Tag::BlockQuote(_) => Holder::Quote,
            Tag::List(start) => Holder::List(start),
            Tag::Item => Holder::Item(None),
            Tag::Table(_) => Holder::Table,
            Tag::TableHead | Tag::TableRow => Holder::TableRow,
            Tag::TableCell => Holder::TableCell,
            Tag::Strong => Holder::Strong,
            Tag::Emphasis => Holder::Emphasis,
            Tag::Strikethrough => Holder::Struck,
            Tag::Link { dest_url, .. } => Holder::Link(dest_url.into_string()),
            Tag::Image { dest_url, .. } => Holder::Image(dest_url.into_string()),
            _ => Holder::Nothing,
        }
    }

    fn close(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        match std::mem::replace(&mut frame.holder, Holder::Nothing) {
            Holder::Paragraph => self.block(Block::Paragraph(frame.inlines)),
            Holder::Heading(level) => self.block(Block::Heading(level, frame.inlines)),
            Holder::Code(language) => self.block(Block::Code { language, text: plain(&frame.inlines) }),
            Holder::Quote => self.block(Block::Quote(frame.into_blocks())),
            Holder::List(start) => self.block(Block::List { start, items: frame.items }),
            Holder::Item(is_done) => {
                let item = Item { is_done, blocks: frame.into_blocks() };
                match self.stack.last_mut() {
                    Some(list @ Frame { holder: Holder::List(_), .. }) => list.items.push(item),
                    _ => item.blocks.into_iter().for_each(|block| self.block(block)),
                }
            }
            Holder::Table => self.block(Block::Table(frame.rows)),
            Holder::TableRow => self.top().rows.push(frame.cells),
            Holder::TableCell => self.top().cells.push(frame.inlines),
            Holder::Strong => self.inline(Inline::Strong(frame.inlines)),
            Holder::Emphasis => self.inline(Inline::Emphasis(frame.inlines)),
            Holder::Struck => self.inline(Inline::Struck(frame.inlines)),
            Holder::Link(address) => {
                self.inline(Inline::Link { url: SafeUrl::parse(&address), address, label: frame.inlines });
            }
            Holder::Image(address) => self.inline(Inline::Image { address, description: plain(&frame.inlines) }),
            Holder::Document | Holder::Nothing => self.dissolve(frame),
        }
    }

    /// Hands everything a frame holds to the one around it.
    fn dissolve(&mut self, frame: Frame) {
        let loose = frame.items.into_iter().flat_map(|item| item.blocks);
        let cells = frame.rows.into_iter().flatten().chain(frame.cells).map(Block::Paragraph);
        for block in frame.blocks.into_iter().chain(loose).chain(cells) {
            self.block(block);
        }
        for inline in frame.inlines {
            self.inline(inline);
        }
    }

    fn text(&mut self, text: &str) {
        let inlines = &mut self.top().inlines;
        match inlines.last_mut() {
            Some(Inline::Text(before)) => before.push_str(text),
            _ => inlines.push(Inline::Text(text.to_owned())),
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.top().inlines.push(inline);
    }

    fn block(&mut self, block: Block) {
        let top = self.top();
        top.flush();
        top.blocks.push(block);
    }

    fn top(&mut self) -> &mut Frame {
        if self.stack.is_empty() {
            self.stack.push(Frame::new(Holder::Document));
        }
        self.stack.last_mut().expect("a frame was just made sure of")
    }
}

/// The text of inline nodes without their marks.
fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(part) | Inline::Code(part) => text.push_str(part),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Struck(inner) => text.push_str(&plain(inner)),
            Inline::Link { label, .. } => text.push_str(&plain(label)),
            Inline::Image { description, .. } => text.push_str(description),
            Inline::LineBreak => text.push('\n'),
        }
    }
    text
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    /// The nodes as tags, so that a test shows exactly which elements a view will make.
    fn draw(blocks: &[Block]) -> String {
        blocks.iter().map(draw_block).collect()
    }

    fn draw_block(block: &Block) -> String {
        match block {
            Block::Paragraph(inner) => format!("<p>{}</p>", draw_inlines(inner)),
            Block::Heading(level, inner) => format!("<h{level}>{}</h{level}>", draw_inlines(inner)),
            Block::Code { language, text } => format!("<pre {language}>{text}</pre>"),
            Block::Quote(inner) => format!("<quote>{}</quote>", draw(inner)),
            Block::List { start, items } => {
                let items: String = items
                    .iter()
                    .map(|item| {
                        format!(
                            "<li{}>{}</li>",
                            item.is_done.map_or("", |is| if is { " ☑" } else { " ☐" }),
                            draw(&item.blocks)
                        )
                    })
                    .collect();
                format!("<list {}>{items}</list>", start.map_or("•".into(), |n| n.to_string()))
            }
            Block::Table(rows) => {
                let row = |cells: &Vec<Vec<Inline>>| {
                    cells.iter().map(|cell| format!("|{}", draw_inlines(cell))).collect::<String>()
                };
                format!("<table>{}</table>", rows.iter().map(row).collect::<Vec<_>>().join(" / "))
            }
            Block::Rule => "<hr>".into(),
        }
    }

    fn draw_inlines(inlines: &[Inline]) -> String {
        let draw_one = |inline: &Inline| match inline {
            Inline::Text(text) => text.clone(),
            Inline::Code(code) => format!("<code>{code}</code>"),
            Inline::Strong(inner) => format!("<b>{}</b>", draw_inlines(inner)),
            Inline::Emphasis(inner) => format!("<i>{}</i>", draw_inlines(inner)),
            Inline::Struck(inner) => format!("<s>{}</s>", draw_inlines(inner)),
            Inline::Link { url: Some(url), label, .. } => format!("<a {}>{}</a>", url.as_str(), draw_inlines(label)),
            Inline::Link { url: None, address, label } => format!("<inert {address}>{}</inert>", draw_inlines(label)),
            Inline::Image { address, description } => format!("<no-image {address}>{description}</no-image>"),
            Inline::LineBreak => "<br>".into(),
        };
        inlines.iter().map(draw_one).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&draw(&parse(text)));
    }

    #[test]
    fn an_answer_with_a_list_reads_as_one() {
        check(
            "Our policy allows **14 days**:\n\n1. Open `Orders`\n2. Print *the* label\n\n---\n# Done",
            expect![
                "<p>Our policy allows <b>14 days</b>:</p><list 1><li><p>Open <code>Orders</code></p></li><li><p>Print <i>the</i> label</p></li></list><hr><h1>Done</h1>"
            ],
        );
    }

    #[test]
    fn code_keeps_its_lines_and_tables_their_cells() {
        check(
            "```rust,ignore\nfn a() {\n}\n```",
            expect![[r#"
            <pre rust>fn a() {
            }
            </pre>"#]],
        );
        check("|a|b|\n|-|-|\n|1|**2**|\n", expect!["<table>|a|b / |1|<b>2</b></table>"]);
        check(
            "- [x] done\n- [ ] ~~not~~",
            expect!["<list •><li ☑><p>done</p></li><li ☐><p><s>not</s></p></li></list>"],
        );
    }

    #[test]
    fn html_is_text() {
        check(
            "<script>alert(1)</script>\n\nhi <img src=x onerror=alert(1)> there",
            expect!["<p><script>alert(1)</script>\n</p><p>hi <img src=x onerror=alert(1)> there</p>"],
        );
    }

    #[test]
    fn links_that_could_run_something_are_inert_and_images_are_not_loaded() {
        check(
            "[ok](https://a.example) [bad](javascript:alert(1)) ![alt](https://tracker.example/x.png) <mailto:a@b.c>",
            expect![
                "<p><a https://a.example>ok</a> <inert javascript:alert(1)>bad</inert> <no-image https://tracker.example/x.png>alt</no-image> <a mailto:a@b.c>mailto:a@b.c</a></p>"
            ],
        );
    }

    fn depth_of_blocks(blocks: &[Block]) -> usize {
        let depth = |block: &Block| match block {
            Block::Quote(inner) => 1 + depth_of_blocks(inner),
            Block::List { items, .. } => 1 + items.iter().map(|item| depth_of_blocks(&item.blocks)).max().unwrap_or(0),
            Block::Paragraph(inner) | Block::Heading(_, inner) => 1 + depth_of_inlines(inner),
            _ => 1,
        };
        blocks.iter().map(depth).max().unwrap_or(0)
    }

    fn depth_of_inlines(inlines: &[Inline]) -> usize {
        let depth = |inline: &Inline| match inline {
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Struck(inner) => 1 + depth_of_inlines(inner),
            Inline::Link { label, .. } => 1 + depth_of_inlines(label),
            _ => 1,
        };
        inlines.iter().map(depth).max().unwrap_or(0)
    }

    #[test]
    fn a_thousand_quotes_are_no_deeper_than_allowed_and_keep_their_text() {
        let blocks = parse(&format!("{} deep", ">".repeat(1000)));
        assert!(depth_of_blocks(&blocks) <= MAX_DEPTH + 2);
        assert!(draw(&blocks).contains("deep"));
        let blocks = parse(&format!("{}deep{}", "*a **b ".repeat(500), "** *".repeat(500)));
        assert!(depth_of_blocks(&blocks) <= MAX_DEPTH + 2);
    }

    proptest! {
        #[test]
        fn any_text_gives_shallow_nodes_with_safe_links(
            text in "([>*_~`#\\-\\[\\]()!<|\n ]|\\[x\\]\\(|javascript:|https://a|<script>|&#x6a;|data:|word){0,80}"
        ) {
            let blocks = parse(&text);
            prop_assert!(depth_of_blocks(&blocks) <= MAX_DEPTH + 2);
            let drawn = draw(&blocks);
            for (at, _) in drawn.match_indices("<a ") {
                let address = &drawn[at + 3..];
                // `<a ` of the text itself cannot occur: the pieces above hold no such string.
                prop_assert!(address.starts_with("http") || address.starts_with("mailto:"), "{address}");
            }
        }
    }
}
