//! Lists of numbers: row 7 is the seventh of all that the server has, unless it moved.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What is listed: `id`, in the order of `place`.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    id: u32,
    place: u32,
    is_running: bool,
}

impl Listed for Row {
    type Id = u32;
    type Order = (u32, u32);

    fn id(&self) -> u32 {
        self.id
    }

    fn order(&self) -> (u32, u32) {
        (self.place, self.id)
    }

    fn is_running(&self) -> bool {
        self.is_running
    }
}

fn row(id: u32) -> Row {
    Row { id, place: id, is_running: false }
}

fn rows(ids: &[u32]) -> Vec<Row> {
    ids.iter().map(|id| row(*id)).collect()
}

/// `3 4 _ _ 9`: the ids by their place, `_` where a row is not loaded.
#[track_caller]
fn check(list: &PagedRows<Row>, expected: &str) {
    let word = |row_idx| list.get(row_idx).map_or("_".to_owned(), |row| row.id.to_string());
    let words: Vec<String> = (0..list.len()).map(word).collect();
    assert_eq!(words.join(" "), expected);
}

/// Pages of two, the last of which begins at `4`; nothing below it is known.
fn three_pages() -> PagedRows<Row> {
    let mut list = PagedRows::first(rows(&[10, 20]), Some("2".into()));
    list.append(rows(&[30, 40]), Some("4".into()));
    list.append(rows(&[50, 60]), Some("6".into()));
    list
}

#[test]
fn pages_follow_each_other_without_doubles() {
    let mut list = PagedRows::first(rows(&[1, 2]), Some("2".into()));
    list.append(rows(&[2, 3, 4]), None);
    check(&list, "1 2 3 4");
    assert_eq!((list.next_cursor(), list.position(&4)), (None, Some(3)));
}

#[test]
fn dropped_rows_keep_their_place_and_come_back_by_where_their_page_begins() {
    let mut list = three_pages();
    list.drop_outside(5..6, None);
    check(&list, "10 20 _ _ 50 60");
    assert_eq!(list.missing(0..2), [] as [&str; 0]);
    assert_eq!(list.missing(1..3), ["2"]);
    list.refill("2", rows(&[30, 40]), Some("4".into()));
    check(&list, "10 20 30 40 50 60");
    assert_eq!((list.missing(0..9), list.next_cursor()), (vec![], Some("6")));
}

#[test]
fn the_first_page_and_that_of_the_cursor_are_never_dropped() {
    let mut list = three_pages();
    list.drop_outside(100..101, Some(3));
    check(&list, "10 20 30 40 _ _");
}

#[test]
fn rows_that_went_meanwhile_leave_their_place_and_none_is_there_twice() {
    let mut list = three_pages();
    list.drop_outside(5..6, None);
    // 30 was deleted: the page reaches into the next.
    list.refill("2", rows(&[40, 50]), Some("5".into()));
    check(&list, "10 20 40 50 60");
}

#[test]
fn rows_that_came_between_push_nothing_off_the_list() {
    let mut list = three_pages();
    list.drop_outside(5..6, None);
    list.refill("2", rows(&[25, 30]), Some("3".into()));
    check(&list, "10 20 25 30 _ 50 60");
    assert_eq!(list.missing(4..5), ["3"]);
    list.refill("3", rows(&[40, 50]), Some("5".into()));
    check(&list, "10 20 25 30 40 50 60");
}

#[test]
fn a_list_that_got_shorter_ends_where_the_server_says() {
    let mut list = three_pages();
    list.drop_outside(0..2, None);
    list.refill("2", rows(&[30]), None);
    check(&list, "10 20 30");
    assert_eq!(list.next_cursor(), None);
}

#[test]
fn an_answer_to_an_earlier_question_changes_nothing() {
    let mut list = three_pages();
    list.refill("2", rows(&[7]), Some("7".into()));
    list.refill("elsewhere", rows(&[7]), Some("7".into()));
    check(&list, "10 20 30 40 50 60");
}

#[test]
fn a_new_row_comes_where_it_belongs_or_waits_until_asked_for() {
    let mut list = three_pages();
    list.merge(rows(&[5]), false);
    list.merge(rows(&[4, 35]), true);
    check(&list, "5 10 20 30 40 50 60");
    assert_eq!(list.n_waiting(), 2);
    list.show_waiting();
    check(&list, "4 5 10 20 30 35 40 50 60");
    assert_eq!(list.n_waiting(), 0);
}

#[test]
fn a_new_row_that_belongs_on_a_page_not_loaded_is_left_to_it() {
    let mut list = three_pages();
    list.drop_outside(5..6, None);
    list.merge(rows(&[35, 70]), false);
    check(&list, "10 20 _ _ 50 60");
    list.append(rows(&[70]), None);
    list.merge(rows(&[80]), false);
    check(&list, "10 20 _ _ 50 60 70 80");
}

#[test]
fn a_known_row_changes_where_it_stands() {
    let mut list = three_pages();
    list.merge(vec![Row { is_running: true, ..row(40) }], true);
    assert_eq!((list.n_waiting(), list.running(9)), (0, vec![40]));
    list.update_each(|row| row.is_running.then(|| Row { is_running: false, ..row.clone() }));
    assert_eq!(list.running(9), [] as [u32; 0]);
}

#[test]
fn a_row_that_moves_shows_what_is_new_where_it_was_until_asked_for() {
    let mut list = three_pages();
    list.merge(vec![Row { place: 1, ..row(40) }], true);
    check(&list, "10 20 30 40 50 60");
    assert_eq!((list.n_waiting(), list.get(3).unwrap().place), (1, 1));
    list.show_waiting();
    check(&list, "40 10 20 30 50 60");
}

#[test]
fn a_row_that_moved_is_not_lost_with_the_page_where_it_stood() {
    let mut list = three_pages();
    list.merge(vec![Row { place: 1, ..row(40) }], true);
    list.drop_outside(5..6, None);
    check(&list, "10 20 _ _ 50 60");
    assert_eq!(list.n_waiting(), 1);
    list.show_waiting();
    check(&list, "40 10 20 _ _ 50 60");
    list.refill("2", rows(&[30, 50]), Some("5".into()));
    check(&list, "40 10 20 30 50 60");
}

#[test]
fn an_order_of_the_servers_is_kept_as_it_came_and_takes_nothing_new() {
    let mut list = PagedRows::in_given_order(rows(&[20, 90, 50]), Some("50".into()));
    list.append(rows(&[70, 10]), None);
    list.merge(vec![row(12), Row { place: 3, ..row(90) }], false);
    check(&list, "20 90 50 70 10");
    assert_eq!(list.get(1).unwrap().place, 3);
}

#[test]
fn a_gap_between_the_newest_page_and_what_is_known_is_noticed() {
    let list = PagedRows::first(rows(&[30, 40]), None);
    assert!(list.meets(&rows(&[20, 30]), true));
    assert!(!list.meets(&rows(&[10, 20]), true));
    assert!(list.meets(&rows(&[10, 20]), false));
}

#[test]
fn rows_walked_through_are_never_all_in_memory() {
    let mut list = PagedRows::first(rows(&(0..100).collect::<Vec<_>>()), Some("0".into()));
    for page in 1..1000_u32 {
        let ids: Vec<u32> = (page * 100..page * 100 + 100).collect();
        list.append(rows(&ids), Some(page.to_string()));
        list.drop_far(list.len() - 50..list.len(), None);
        assert!(list.n_loaded() <= MAX_LOADED, "{} rows after page {page}", list.n_loaded());
    }
    assert_eq!((list.len(), list.get(50_000)), (100_000, None));
    assert_eq!(list.get(99_500).unwrap().id, 99_500);
    assert_eq!(list.missing(50_050..50_150), ["499", "500"]);
}

/// What the server has: place and id of each row; and how a reader goes through it in pages of three.
#[derive(Debug, Clone)]
enum Step {
    Append,
    Look(usize, usize),
    Drop(usize, usize),
    Arrive(u32, bool),
    Move(usize, u32, bool),
    Delete(usize),
    ShowWaiting,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Append),
        3 => (0..40_usize, 1..9_usize).prop_map(|(from, n)| Step::Look(from, n)),
        3 => (0..40_usize, 1..9_usize).prop_map(|(from, n)| Step::Drop(from, n)),
        3 => (0..200_u32, any::<bool>()).prop_map(|(place, must_wait)| Step::Arrive(place, must_wait)),
        2 => (0..40_usize, 0..200_u32, any::<bool>()).prop_map(|(nth, place, must_wait)| Step::Move(nth, place, must_wait)),
        1 => (0..40_usize).prop_map(Step::Delete),
        1 => Just(Step::ShowWaiting),
    ]
}

type Server = BTreeMap<(u32, u32), Row>;

fn fetch(server: &Server, cursor: Option<&str>) -> (Vec<Row>, Option<String>) {
    let after = cursor.map(|cursor| {
        let (place, id) = cursor.split_once(' ').unwrap();
        (place.parse::<u32>().unwrap(), id.parse::<u32>().unwrap())
    });
    let mut rest = server.values().filter(|row| after.is_none_or(|after| row.order() > after)).cloned();
    let page: Vec<Row> = rest.by_ref().take(3).collect();
    let next = page.last().filter(|_| rest.next().is_some()).map(|last| format!("{} {}", last.place, last.id));
    (page, next)
}

fn look(list: &mut PagedRows<Row>, server: &Server, range: Range<usize>) {
    for cursor in list.missing(range) {
        let (page, next) = fetch(server, Some(&cursor));
        list.refill(&cursor, page, next);
    }
}

proptest! {
    #[test]
    fn however_one_goes_through_a_list_in_the_end_it_is_whole_in_order_and_without_doubles(
        places in prop::collection::vec(0..200_u32, 0..40),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut server: Server = Server::new();
        let mut n_ids = 0;
        let mut arrive = |server: &mut Server, place: u32| {
            n_ids += 1;
            let row = Row { id: n_ids, place, is_running: false };
            server.insert(row.order(), row.clone());
            row
        };
        for place in places {
            arrive(&mut server, place);
        }
        let (page, next) = fetch(&server, None);
        let mut list = PagedRows::first(page, next);
        let mut deleted = HashSet::new();
        for step in steps {
            match step {
                Step::Append => if let Some(cursor) = list.next_cursor().map(str::to_owned) {
                    let (page, next) = fetch(&server, Some(&cursor));
                    list.append(page, next);
                },
                Step::Look(from, n) => look(&mut list, &server, from..from + n),
                Step::Drop(from, n) => list.drop_outside(from..from + n, None),
                Step::Arrive(place, must_wait) => list.merge(vec![arrive(&mut server, place)], must_wait),
                Step::Move(nth, place, must_wait) => {
                    // Up, as threads move that speak again.
                    let moving = server.values().nth(nth).filter(|row| row.place > place).cloned();
                    if let Some(row) = moving {
                        server.remove(&row.order());
                        let row = Row { place, ..row };
                        server.insert(row.order(), row.clone());
                        list.merge(vec![row], must_wait);
                    }
                }
                Step::Delete(nth) => if let Some(row) = server.values().nth(nth).cloned() {
                    server.remove(&row.order());
                    deleted.insert(row.id);
                },
                Step::ShowWaiting => list.show_waiting(),
            }
        }
        list.show_waiting();
        for _ in 0..1000 {
            let n_rows = list.len();
            if !list.missing(0..n_rows).is_empty() {
                look(&mut list, &server, 0..n_rows);
            } else if let Some(cursor) = list.next_cursor().map(str::to_owned) {
                let (page, next) = fetch(&server, Some(&cursor));
                list.append(page, next);
            } else {
                break;
            }
        }
        let shown: Vec<Row> = list.loaded().map(|row| Row::clone(row)).collect();
        prop_assert_eq!(shown.len(), list.len(), "everything is loaded");
        prop_assert!(shown.is_sorted_by_key(Row::order), "{:?}", shown);
        let there: Vec<Row> = shown.into_iter().filter(|row| !deleted.contains(&row.id)).collect();
        let expected: Vec<Row> = server.into_values().collect();
        prop_assert_eq!(there, expected);
    }
}
