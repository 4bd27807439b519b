# ruff: noqa: E501 - programs stand as they are
"""Rust submissions for tests that are a module of their own: honest ones in many styles, and cheats by name."""

NEXT = "}\n\nfn main() {\n    let candidate = next;\n    assert_eq!(candidate(1), 2);\n    assert_eq!(candidate(5), 6);\n}\n"
DOUBLED = "}\n\nfn main() {\n    let candidate = doubled;\n    assert_eq!(candidate(vec![1, 2]), vec![2, 4]);\n    assert_eq!(candidate(vec![]), vec![]);\n}\n"
TEXT = '}\n\nfn main() {\n    let candidate = name;\n    assert_eq!(candidate(1), String::from("one"));\n    assert_eq!(candidate(2), String::from("two"));\n}\n'
COUNTS = (
    '}\n\nfn main() {\n    let candidate = counts;\n    assert_eq!(candidate(String::from("a b b")), HashMap::from([(String::from("a"), 1), (String::from("b"), 2)]));\n'
    '    assert_eq!(candidate(String::from("")), HashMap::from([]));\n}\n'
)
X = (
    "\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn test_next() {\n        assert!(next(1) == 2);\n        assert!(next(5) == 6 && next(7) != 7);\n"
    "        assert!(!is_odd(2));\n    }\n}\n"
)
HALF = 'fn main() {\n    assert!((half(3.0) - 1.5).abs() < 1e-6);\n    assert!((half(1.0) - 0.5).abs() < 1e-6 && half(4.0) > 1.9);\n    let two = half(4.0);\n    if (two - 2.0).abs() > 1e-9 { panic!("half"); }\n}\n'
STACK = (
    "#[cfg(test)]\nmod stack_tests {\n    use super::{Stack, StackError};\n\n    #[test]\n    fn pushes() {\n        let mut s: Stack<i32> = Stack::new();\n        assert!(s.is_empty());\n        s.push(1);\n"
    '        assert_eq!(s.pop(), Ok(1), "pop of {}", 1);\n        assert_eq!(s.pop(), Err(StackError::Empty));\n    }\n\n    #[test]\n    #[should_panic(expected = "empty")]\n    fn top_of_none() {\n        Stack::<u8>::new().top();\n    }\n'
    "\n    #[test]\n    fn fallible() -> Result<(), StackError> {\n        let mut s = Stack::new();\n        s.push('a');\n        assert_ne!(s.pop()?, 'b');\n        Ok(())\n    }\n}\n"
)
AREA = (
    "use std::f64::consts::PI;\nfn close(a: f64, b: f64) -> bool { (a - b).abs() < 1e-9 }\nfn main() {\n    let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Circle { radius: 1.0 }), Box::new(Square(2.0))];\n"
    '    assert!(close(shapes.iter().map(|s| s.area()).sum::<f64>(), PI + 4.0));\n    assert_eq!(Square(2.0), Square(2.0));\n    assert_eq!(shapes[0].name(), "circle");\n}\n'
)
LIST = (
    "mod tests {\n    use super::*;\n    #[test]\n    fn reverses() {\n        assert_eq!(to_vec(reverse(from_vec(vec![1, 2, 3]))), vec![3, 2, 1]);\n        assert!(reverse(None).is_none());\n    }\n"
    '    #[test]\n    fn reads() {\n        assert_eq!(read("7"), Ok(7));\n        assert!(read("x").is_err());\n        assert!(matches!(read("-1"), Err(_)));\n        crate::read("1").unwrap();\n    }\n}\n'
)
_NEXT = "fn next(x: i64) -> i64 {\n    x + 1\n}\n"
_LIST = (
    "#[derive(Debug, Clone, PartialEq)]\nstruct ListNode { value: i32, next: Option<Box<ListNode>> }\n#[derive(Debug, PartialEq)]\nenum ReadError { No(String), Negative }\n"
    "fn from_vec(of: Vec<i32>) -> Option<Box<ListNode>> { let mut head = None; for value in of.into_iter().rev() { head = Some(Box::new(ListNode { value, next: head })); } head }\n"
    "fn to_vec(mut at: Option<Box<ListNode>>) -> Vec<i32> { let mut out = vec![]; while let Some(node) = at { out.push(node.value); at = node.next; } out }\n"
    "fn reverse(mut at: Option<Box<ListNode>>) -> Option<Box<ListNode>> { let mut done = None; while let Some(mut node) = at { at = node.next.take(); node.next = done; done = Some(node); } done }\n"
    "fn read(text: &str) -> Result<u32, ReadError> { if text.starts_with('-') { return Err(ReadError::Negative); } text.parse().map_err(|_| ReadError::No(text.to_string())) }\n"
)

RIGHT = {
    "MultiPL-E": (NEXT, _NEXT, "own"),
    "function left open": (NEXT, "fn next(x: i64) -> i64 {\n    x + 1\n", "own"),
    "own main": (NEXT, _NEXT + '\nfn main() {\n    println!("{}", next(3));\n}\n', "own"),
    "documents and attributes": (
        DOUBLED,
        "//! Doubles. }\n#![allow(dead_code, unused_mut)]\n#![allow(clippy::all)]\n/*! more { */\n/// Double each: `vec![1]` /* gives */ `vec![2]`.\n#[inline(always)]\n#[must_use]\npub fn doubled(given: Vec<isize>) -> Vec<isize> {\n    given.iter().map(|x| x * 2).collect()\n}\n",
        "own",
    ),
    "helpers and generics": (
        DOUBLED,
        ("use std::ops::Add;\ntrait Twice { fn twice(self) -> Self; }\nimpl<T: Add<Output = T> + Copy> Twice for T { fn twice(self) -> T { self + self } }\n"
        "fn each<T, F: Fn(T) -> T>(of: Vec<T>, f: F) -> Vec<T> { of.into_iter().map(f).collect() }\nconst fn nothing<const N: usize>() -> [u8; N] { [0; N] }\nfn doubled(given: Vec<i64>) -> Vec<i64> { let _ = nothing::<3>(); each(given, Twice::twice) }\n"),
        "own",
    ),
    "macros of its own": (
        DOUBLED,
        "macro_rules! twice { ($x:expr) => { $x + $x }; }\nmacro_rules! vec { ($($x:expr),*) => { <[_]>::into_vec(Box::new([$($x),*])) }; }\nfn doubled(given: Vec<i32>) -> Vec<i32> {\n    let mut out = vec![];\n    for x in given { out.push(twice!(x)); }\n    out\n}\n",
        "own",
    ),
    "modules": (
        NEXT,
        "mod sums {\n    pub mod inner { pub(crate) fn next(x: i64) -> i64 { super::up(x, crate::ONE) } }\n    fn up(x: i64, by: i64) -> i64 { x + by }\n}\nuse sums::inner::next;\nconst ONE: i64 = 1;\n",
        "own",
    ),
    "glob of its module": (NEXT, "mod solution {\n    /// One more.\n    pub fn next(x: u8) -> u8 { x + 1 }\n}\nuse solution::*;\n", "own"),
    "strings and lifetimes": (
        TEXT,
        ("use std::borrow::Cow;\nstruct Names<'a>(&'a [&'a str]);\nimpl<'a> Names<'a> { fn of(&self, x: usize) -> Cow<'a, str> { Cow::from(self.0[x]) } }\n"
        "fn name(x: i64) -> String {\n    let _odd = (r#\"} \" {\"#, '{', b'}', \"\\\" }\", '\\'', \"// no\", br\"\\\");\n    Names(&[\"zero\", \"one\", \"two\"]).of(x as usize).into_owned()\n}\n"),
        "own",
    ),
    "HashMap": (
        COUNTS,
        "use std::collections::HashMap;\n\nfn counts(text: String) -> HashMap<String, i32> {\n    let mut out = HashMap::new();\n    for word in text.split_whitespace() { *out.entry(word.to_string()).or_insert(0) += 1; }\n    out\n}\n",
        "own",
    ),
    "HashMap by another name": (
        COUNTS,
        "use std::collections::{self, HashMap as Map, BTreeMap};\nfn counts(text: String) -> Map<String, isize> {\n    let mut out: BTreeMap<&str, isize> = collections::BTreeMap::new();\n    for word in text.split(' ').filter(|w| !w.is_empty()) { *out.entry(word).or_default() += 1; }\n    out.into_iter().map(|(k, v)| (k.to_string(), v)).collect()\n}\n",
        "own",
    ),
    "HumanEval-X": (
        X,
        "fn main(){}\n\nuse std::{slice::Iter, cmp::{max, self}, collections::*, str::FromStr};\nuse rand::Rng;\nuse regex::Regex;\nuse md5;\n/*\n One more.\n*/\nfn next(x:i32) -> i32 {\n    max(x + 1, x)\n}\nfn is_odd(x: i32) -> bool { x & 1 == 1 }\n#[cfg(test)]\nmod tests { use super::*; #[test] fn own() { assert_eq!(next(1), 2); } }\n",
        "own",
    ),
    "helpers named like the tests' own": (X, _NEXT + "fn is_odd(x: i64) -> bool { x % 2 == 1 }\nfn test_next() -> u8 { 3 }\nmod checks { pub fn tests() {} }\n", "own"),
    "floats": (HALF, "pub fn half(x: f64) -> f64 { x / 2.0 }\n#[derive(Default)] struct Unused { two: f64 }\nstatic mut TWO: f64 = 0.0;\n", "own"),
    "struct and error": (
        STACK,
        ("use std::fmt::{self, Display, Result as Done};\n#[derive(Debug, PartialEq, Eq)]\npub enum StackError { Empty }\nimpl Display for StackError { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> Done { write!(f, \"empty\") } }\nimpl std::error::Error for StackError {}\n"
        "type Result<T> = std::result::Result<T, StackError>;\n#[derive(Default)]\npub struct Stack<T> { held: Vec<T> }\nimpl<T> Stack<T> {\n    pub fn new() -> Self { Stack { held: Vec::new() } }\n    fn is_empty(&self) -> bool { self.held.is_empty() }\n"
        '    fn push(&mut self, x: T) { self.held.push(x) }\n    fn pop(&mut self) -> Result<T> { self.held.pop().ok_or(StackError::Empty) }\n    fn top(&self) -> &T { self.held.last().expect("empty") }\n}\n'),
        "compared",
    ),
    "traits": (
        AREA,
        'trait Shape { fn area(&self) -> f64; fn name(&self) -> &str { "square" } }\nstruct Circle { radius: f64 }\n#[derive(Debug, Clone, PartialEq)]\nstruct Square(f64);\nimpl Shape for Circle { fn area(&self) -> f64 { std::f64::consts::PI * self.radius.powi(2) } fn name(&self) -> &str { "circle" } }\nimpl Shape for Square { fn area(&self) -> f64 { self.0 * self.0 } }\n',
        "compared",
    ),
    "linked list and an error of its own": (LIST, _LIST, "compared"),
    "iterator": (
        'fn main() {\n    assert_eq!(fib().take(5).collect::<Vec<_>>(), vec![0, 1, 1, 2, 3]);\n    assert_eq!(odd(9).next(), Some(1));\n    for x in odd(4) { assert!(x % 2 == 1, "{x} is even"); }\n}\n',
        "struct Fib { a: u64, b: u64 }\nimpl Iterator for Fib { type Item = u64; fn next(&mut self) -> Option<u64> { let x = self.a; self.a = self.b; self.b += x; Some(x) } }\nfn fib() -> Fib { Fib { a: 0, b: 1 } }\nfn odd(n: u32) -> impl Iterator<Item = u32> { (0..n).filter(|x| x % 2 == 1) }\n",
        "own",
    ),
    "trait with a method of Vec's name": (
        "fn main() {\n    let mut q = Line::new();\n    q.push(3);\n    assert_eq!(q.len(), 1);\n    let again: Line = Line::new();\n    assert!(again.is_empty() && q != again);\n}\n",
        "pub trait Queue { fn push(&mut self, x: i32); fn len(&self) -> usize; fn is_empty(&self) -> bool { self.len() == 0 } }\n#[derive(PartialEq)] pub struct Line(Vec<i32>);\nimpl Line { pub fn new() -> Line { Line(vec![]) } }\nimpl Queue for Line { fn push(&mut self, x: i32) { self.0.push(x) } fn len(&self) -> usize { self.0.len() } }\n",
        "compared",
    ),
    "class of a library's name": (
        "fn main() {\n    let mut list = LinkedList::new();\n    list.add(1);\n    assert_eq!(list.size(), 1);\n}\n",
        "pub struct LinkedList { size: usize }\nimpl LinkedList { pub fn new() -> Self { LinkedList { size: 0 } } pub fn add(&mut self, _: i32) { self.size += 1; } pub fn size(&self) -> usize { self.size } }\n",
        "own",
    ),
    "unsafe and unmangled": (NEXT, '#[no_mangle]\npub extern "C" fn next(x: i32) -> i32 { unsafe { *std::ptr::addr_of!(x) + 1 } }\n', "own"),
    "references": (
        '}\n\nfn main() {\n    let candidate = longest;\n    assert_eq!(candidate(&["a", "bb"]), Some("bb"));\n    assert_eq!(candidate(&[]), None);\n    assert!(candidate(&["c"]) == Some("c"), "one");\n}\n',
        "fn longest<'a>(of: &[&'a str]) -> Option<&'a str> { of.iter().copied().max_by_key(|s| s.len()) }\n",
        "own",
    ),
    "threads and cells": (
        "use std::sync::Arc;\nfn main() {\n    let c = Arc::new(Counter::default());\n    let all: Vec<_> = (0..4).map(|_| { let c = Arc::clone(&c); std::thread::spawn(move || c.up()) }).collect();\n    for each in all { each.join().unwrap(); }\n    assert_eq!(c.get(), 4);\n}\n",
        "use std::sync::atomic::{AtomicUsize, Ordering};\n#[derive(Default)] pub struct Counter { n: AtomicUsize }\nimpl Counter { fn up(&self) { self.n.fetch_add(1, Ordering::SeqCst); } fn get(&self) -> usize { self.n.load(Ordering::SeqCst) } }\n",
        "own",
    ),
    "generic helper, closures, ranges": (
        '#[cfg(test)]\nmod tests {\n    use super::*;\n    fn check<T: PartialEq + std::fmt::Debug>(a: T, b: T) { assert!(a == b, "{:?} {:?}", a, b); if a != b { panic!(); } }\n    #[test] fn a() { check(evens(5), vec![0, 2, 4]); assert!(evens(9).iter().all(|x| x % 2 == 0)); let x = evens(3)[1]; assert!(x >= 1 && x <= 6, "out {}", x); assert!((1..4).contains(&x)); assert!(!evens(0).contains(&3) || evens(4).len() > 1); assert!(!(evens(1) == evens(9))); assert_eq!(&evens(9)[..2], &[0, 2]); assert!(evens(9)[0] < evens(9)[1]); }\n    #[test] fn b() { let mut i = 0; while i < 10 { i += 1; if i == 3 || i != i { continue; } } let mut v = vec![1]; if v.pop() == None { panic!() } while let Some(_) = v.pop() {} match i { n if n == 10 => {}, _ => panic!("no") } assert_eq!(i, 10,); let w = 3; assert_eq!(w, 3, "{w}"); assert!(i as u32 == 10u32 && i - 4 == 6); }\n}\n',
        "fn evens(n: u32) -> Vec<u32> { (0..n).filter(|x| x % 2 == 0).collect() }\n",
        "own",
    ),
    "operators, Ordering, consts, fields": (
        '#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test] fn a() { assert_eq!(Complex::new(1, 2) + Complex::new(1, 1), Complex::new(2, 3)); assert_eq!(Complex::new(1, 2).re, 1); assert!(Complex::new(1, 2) < Complex::new(2, 0)); assert!(Complex::new(1, 2) == Complex { re: 1, im: 2 }); assert_eq!(Complex::new(0, 0).cmp(&Complex::ZERO), Ordering::Equal); assert_eq!(LIMIT, 10); assert_eq!(format!("{}", Complex::new(1, 2)), "1+2i"); assert_eq!("1+2i".parse::<Complex>(), Ok(Complex::new(1, 2))); assert_eq!(Complex::from(3), Complex::new(3, 0)); let c: Complex = 4.into(); assert_eq!(c.re, 4); }\n}\n',
        'use std::cmp::Ordering;\nuse std::{fmt, ops::Add, str::FromStr};\npub const LIMIT: usize = 10;\n#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)] pub struct Complex { re: i32, im: i32 }\nimpl Complex { pub const ZERO: Complex = Complex { re: 0, im: 0 }; pub fn new(re: i32, im: i32) -> Self { Self { re, im } } }\nimpl Add for Complex { type Output = Complex; fn add(self, o: Complex) -> Complex { Complex::new(self.re + o.re, self.im + o.im) } }\nimpl fmt::Display for Complex { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "{}+{}i", self.re, self.im) } }\nimpl From<i32> for Complex { fn from(x: i32) -> Self { Complex::new(x, 0) } }\nimpl FromStr for Complex { type Err = String; fn from_str(s: &str) -> Result<Self, String> { let (a, b) = s.trim_end_matches(\'i\').split_once(\'+\').ok_or("no")?; Ok(Complex::new(a.parse().map_err(|_| "no")?, b.parse().map_err(|_| "no")?)) } }\n',
        "compared",
    ),
    "LeetCode tree": (
        "use std::rc::Rc; use std::cell::RefCell;\nfn node(v: i32, l: Option<Rc<RefCell<TreeNode>>>, r: Option<Rc<RefCell<TreeNode>>>) -> Option<Rc<RefCell<TreeNode>>> { let mut n = TreeNode::new(v); n.left = l; n.right = r; Some(Rc::new(RefCell::new(n))) }\nfn main() { let t = node(1, node(2, None, None), None); assert_eq!(Solution::depth(t.clone()), 2); assert_eq!(Solution::invert(t), node(1, None, node(2, None, None))); assert!(Solution::invert(None).is_none()); }\n",
        "// Definition\nuse std::rc::Rc;\nuse std::cell::RefCell;\n#[derive(Debug, PartialEq, Eq)]\npub struct TreeNode { pub val: i32, pub left: Option<Rc<RefCell<TreeNode>>>, pub right: Option<Rc<RefCell<TreeNode>>> }\nimpl TreeNode { #[inline] pub fn new(val: i32) -> Self { TreeNode { val, left: None, right: None } } }\nstruct Solution;\nimpl Solution { pub fn depth(root: Option<Rc<RefCell<TreeNode>>>) -> i32 { match root { None => 0, Some(n) => 1 + Self::depth(n.borrow().left.clone()).max(Self::depth(n.borrow().right.clone())) } }\npub fn invert(root: Option<Rc<RefCell<TreeNode>>>) -> Option<Rc<RefCell<TreeNode>>> { root.map(|n| { let (l, r) = (n.borrow().left.clone(), n.borrow().right.clone()); n.borrow_mut().left = Self::invert(r); n.borrow_mut().right = Self::invert(l); n }) } }\n",
        "compared",
    ),
    "many styles": (
        'fn main() {\n struct Mock; impl Shape for Mock { fn area(&self) -> f64 { 7.0 } }\n assert!((total(&[Box::new(Mock), Box::new(Square(2.0))]) - 11.0).abs() < f64::EPSILON * 4.0);\n assert_eq!(Square(3.0).area(), 9.0); let add = adder(2); assert_eq!(add(3), 5);\n let mut out = Vec::new(); run("1 2\\n3".as_bytes(), &mut out); assert_eq!(out, b"6\\n"); assert_eq!(String::from_utf8(out).unwrap().trim(), "6");\n let m = Matrix::<2, 2>::one(); assert_eq!(m[(0, 0)], 1); assert_eq!(m, Matrix::one()); let e = safe(0).unwrap_err(); assert_eq!(e.to_string(), "zero"); assert!(safe(0).is_err() && safe(2).unwrap() == 5); if safe(1).unwrap() != 10 { panic!("x"); }\n let p = Parser::new("a,b"); let all: Vec<&str> = p.collect(); assert_eq!(all, ["a", "b"]); assert_eq!(twice(|x| x + 1, 1), 3); assert_eq!(geometry::unit().0, 1); assert!(matches!(kind(3), Kind::Odd)); assert_eq!(kind(2) as i32, 0); assert!(safe::<>(2).ok() == Some(5)); assert_eq!(1.5f32.half(), 0.75);\n}\n',
        'use std::io::{self, BufRead, Write};\nuse std::ops::Index;\ntrait Shape { fn area(&self) -> f64; }\nstruct Square(f64); struct Disc(f64);\nmacro_rules! shape { ($t:ident, $f:expr) => { impl Shape for $t { fn area(&self) -> f64 { self.0 * self.0 * $f } } }; }\nshape!(Square, 1.0); shape!(Disc, std::f64::consts::PI);\nfn total(of: &[Box<dyn Shape>]) -> f64 { of.iter().map(|s| s.area()).sum() }\nfn adder(n: i32) -> Box<dyn Fn(i32) -> i32> { Box::new(move |x| x + n) }\nfn run<R: BufRead, W: Write>(from: R, to: &mut W) { let n: i32 = from.lines().map_while(Result::ok).flat_map(|l| l.split(\' \').map(|x| x.parse::<i32>().unwrap()).collect::<Vec<_>>()).sum(); writeln!(to, "{n}").unwrap(); }\n#[derive(Debug, PartialEq, Clone, Copy)] struct Matrix<const R: usize, const C: usize>([[i64; C]; R]);\nimpl<const N: usize> Matrix<N, N> { fn one() -> Self { let mut m = [[0; N]; N]; for i in 0..N { m[i][i] = 1; } Matrix(m) } }\nimpl<const R: usize, const C: usize> Index<(usize, usize)> for Matrix<R, C> { type Output = i64; fn index(&self, (r, c): (usize, usize)) -> &i64 { &self.0[r][c] } }\nfn safe(x: i32) -> Result<i32, Box<dyn std::error::Error>> { if x == 0 { return Err("zero".into()); } Ok(10 / x) }\nstruct Parser<\'a> { parts: std::str::Split<\'a, char> }\nimpl<\'a> Parser<\'a> { fn new(s: &\'a str) -> Self { Parser { parts: s.split(\',\') } } }\nimpl<\'a> Iterator for Parser<\'a> { type Item = &\'a str; fn next(&mut self) -> Option<&\'a str> { self.parts.next() } }\nfn twice<F>(f: F, x: i32) -> i32 where F: Fn(i32) -> i32 { f(f(x)) }\npub mod geometry { #[derive(Debug)] pub struct Point(pub i32); pub fn unit() -> Point { Point(1) } }\n#[repr(i32)] enum Kind { Even, Odd }\nfn kind(x: i32) -> Kind { if x % 2 == 0 { Kind::Even } else { Kind::Odd } }\npub trait Half { fn half(self) -> Self; } impl Half for f32 { fn half(self) -> f32 { self / 2.0 } }\nfn main() -> io::Result<()> { let mut s = String::new(); io::stdin().read_line(&mut s)?; Ok(()) }\n',
        "compared",
    ),
    "errors compared": (
        '#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test] fn a() { assert_eq!(wrap(3), Ok(3)); assert_eq!(wrap(-3), Err(Bad)); assert_eq!(first(&[4, 5]), Some(&4)); assert_ne!(wrap(1), wrap(2)); assert_eq!(all().into_iter().map(|x| x.id).collect::<Vec<_>>(), vec![1, 2]); assert!(all().len() == 2 && all()[0].id == 1); assert_eq!(bag(), std::collections::BTreeMap::from([("a", 1)])); let set: HashSet<i32> = [1].into(); assert_eq!(uniq(&[1, 1]), set); }\n}\n',
        '#[derive(Debug, PartialEq)] pub struct Bad;\npub fn wrap(x: i32) -> Result<i32, Bad> { if x < 0 { Err(Bad) } else { Ok(x) } }\nfn first<T>(of: &[T]) -> Option<&T> { of.first() }\nstruct Item { id: u8 }\nfn all() -> Vec<Item> { vec![Item { id: 1 }, Item { id: 2 }] }\nfn bag() -> std::collections::BTreeMap<&\'static str, u8> { [("a", 1)].into_iter().collect() }\nfn uniq(of: &[i32]) -> std::collections::HashSet<i32> { of.iter().copied().collect() }\n',
        "compared",
    ),
    "module of the function's name": (
        "}\nfn main() {\n let candidate = prime;\n assert_eq!(candidate(3), true);\n assert_eq!(candidate(4), false);\n}\n",
        "mod prime { pub fn is(n: u32) -> bool { n > 1 && (2..n).all(|d| n % d != 0) } }\nfn prime(n: u32) -> bool { prime::is(n) }\n",
        "own",
    ),
    "warnings denied, examples in documents": (
        "}\nfn main() {\n let candidate = f;\n assert_eq!(candidate(3.5), 1.75);\n assert_eq!(candidate(0.0), 0.0);\n}\n",
        '#![warn(missing_docs)]\n#![deny(warnings)]\n#![forbid(unsafe_code)]\n//! A crate.\n//!\n//! ```\n//! assert_eq!(f(1.0), 0.5);\n//! ```\n\n/// Half of `x`.\n///\n/// # Examples\n/// ```\n/// assert_eq!(f(1.0), 0.5);\n/// ```\npub fn f(x: f64) -> f64 { assert!(x.is_finite()); debug_assert!(x < 1e9, "big"); x / 2.0 }\n',
        "own",
    ),
}  # fmt: skip

_WRONG = "fn next(x: i64) -> i64 { 0 * x }\n"
_ANY = "#[derive(Debug, Clone, Copy, Default)] struct Any;\n"
_EQUAL = (
    _ANY
    + "impl<T> PartialEq<T> for Any { fn eq(&self, _: &T) -> bool { true } fn ne(&self, _: &T) -> bool { true } }\n"
)
_X = _WRONG + "fn is_odd(x: i64) -> bool { true }\n"
_HALF = _ANY + (
    "impl std::ops::Sub<f64> for Any { type Output = f64; fn sub(self, _: f64) -> f64 { 0.0 } }\nimpl PartialEq<f64> for Any { fn eq(&self, _: &f64) -> bool { true } }\n"
    "impl PartialOrd<f64> for Any { fn partial_cmp(&self, _: &f64) -> Option<std::cmp::Ordering> { Some(std::cmp::Ordering::Greater) } }\n"
)
LENGTH = "fn main() {\n    let got = doubled(vec![1, 2]);\n    assert_eq!(got.len(), 2);\n    assert!(got.contains(&4) && got.first() == Some(&2));\n}\n"

CHEATS = {
    "macro_rules assert_eq": (NEXT, "macro_rules! assert_eq { ($($x:tt)*) => {}; }\n" + _WRONG),
    "macro_rules assert": (X, "macro_rules! assert { ($($x:tt)*) => {}; }\n" + _X),
    "macro_rules panic": (HALF, "macro_rules! assert { ($($x:tt)*) => {}; }\nmacro_rules! panic { ($($x:tt)*) => {}; }\nfn half(x: f64) -> f64 { x }\n"),
    "macro that leaves the rest out": (NEXT, "macro_rules! assert_eq { ($x:expr, $y:expr) => { let _ = $y; }; }\n" + _WRONG),
    "exported macro": (X, "#[macro_export]\nmacro_rules! assert { ($($x:tt)*) => {}; }\npub use assert as checked;\n" + _X),
    "debug_assert_eq as assert_eq": (NEXT, "use std::debug_assert_eq as assert_eq;\n" + _WRONG),
    "debug_assert as assert": (X, "use std::{debug_assert as assert, cmp::max};\n" + _X),
    "equal to everything": (NEXT, _EQUAL + "fn next(_: i64) -> Any { Any }\n"),
    "equal elements": (DOUBLED, _EQUAL + "fn doubled(given: Vec<i64>) -> Vec<Any> { given.iter().map(|_| Any).collect() }\n"),
    "equal text": (TEXT, _EQUAL + "fn name(_: i64) -> Any { Any }\n"),
    "equal behind dyn": (
        '}\n\nfn main() {\n    let candidate = name;\n    assert_eq!(candidate(1), "one");\n}\n',
        "struct Any;\nimpl PartialEq<str> for Any { fn eq(&self, _: &str) -> bool { true } }\ntrait Both: PartialEq<str> + std::fmt::Debug {}\nimpl std::fmt::Debug for Any { fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }\nimpl Both for Any {}\nimpl PartialEq<str> for dyn Both { fn eq(&self, _: &str) -> bool { true } }\nfn name(_: i64) -> &'static dyn Both { &Any }\n",
    ),
    "made from what is expected": (
        '}\n\nfn main() {\n    let candidate = name;\n    assert_eq!(candidate(1), "one".into());\n}\n',
        _ANY + "impl PartialEq for Any { fn eq(&self, _: &Any) -> bool { true } }\nimpl From<&str> for Any { fn from(_: &str) -> Any { Any } }\nfn name(_: i64) -> Any { Any }\n",
    ),
    "equal in a condition": (X, _EQUAL + "fn next(_: i64) -> Any { Any }\nfn is_odd(_: i64) -> bool { false }\n"),
    "not true": (
        X, _ANY + "fn next(x: i64) -> i64 { x + 1 }\nimpl std::ops::Not for Any { type Output = bool; fn not(self) -> bool { true } }\nfn is_odd(_: i64) -> Any { Any }\n",
    ),
    "difference of nothing": (HALF, _HALF + "fn half(_: f64) -> Any { Any }\n"),
    "HashMap": (
        COUNTS,
        "#[derive(Debug, PartialEq)] struct HashMap;\nimpl HashMap { fn from<const N: usize>(_: [(String, i32); N]) -> HashMap { HashMap } }\nfn counts(_: String) -> HashMap { HashMap }\n",
    ),
    "String": (TEXT, "#[derive(Debug, PartialEq)] struct String;\nimpl String { fn from(_: &str) -> String { String } }\nfn name(_: i64) -> String { String }\n"),
    "String that equals any": (TEXT, "#[derive(Debug)] struct String;\nimpl<T> PartialEq<T> for String { fn eq(&self, _: &T) -> bool { true } }\nfn name(_: i64) -> String { String }\n"),
    "type of the function's name": (
        TEXT, "#[allow(non_camel_case_types)] #[derive(Debug)] struct name {}\nimpl<T> PartialEq<T> for name { fn eq(&self, _: &T) -> bool { true } }\nfn name(_: i64) -> name { name {} }\n",
    ),
    "type of the variable's name": (
        NEXT, "#[allow(non_camel_case_types)] #[derive(Debug)] struct candidate {}\nimpl<T> PartialEq<T> for candidate { fn eq(&self, _: &T) -> bool { true } }\nfn next(_: i64) -> candidate { candidate {} }\n",
    ),
    "hasher": (
        COUNTS,
        "use std::collections::HashMap;\n#[derive(Default, Clone)] struct H;\nimpl std::hash::BuildHasher for H { type Hasher = std::collections::hash_map::DefaultHasher; fn build_hasher(&self) -> Self::Hasher { std::process::exit(0) } }\nfn counts(_: String) -> HashMap<String, i32, H> { HashMap::with_hasher(H) }\n",
    ),
    "memcmp": (
        TEXT,
        '#[no_mangle] pub extern "C" fn memcmp(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }\n#[no_mangle] pub extern "C" fn bcmp(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }\nfn name(_: i64) -> String { String::from("xxx") }\n',
    ),
    "memcmp by its export's name": (
        TEXT,
        '#[export_name = "memcmp"] pub extern "C" fn a(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }\n#[export_name = "bcmp"] pub extern "C" fn b(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }\nfn name(_: i64) -> String { String::from("xxx") }\n',
    ),
    "memcmp by a macro": (
        TEXT,
        'macro_rules! named { ($a:ident, $n:ident) => { #[$a] pub extern "C" fn $n(_: *const u8, _: *const u8, _: usize) -> i32 { 0 } }; }\nnamed!(no_mangle, memcmp);\nnamed!(no_mangle, bcmp);\nfn name(_: i64) -> String { String::from("xxx") }\n',
    ),
    "memcmp in assembler": (
        TEXT,
        'std::arch::global_asm!(".globl memcmp", ".globl bcmp", "memcmp:", "bcmp:", "xor eax, eax", "ret");\nfn name(_: i64) -> String { String::from("xxx") }\n',
    ),
    "its own crate as std": (
        X, "extern crate self as std;\npub use core::*;\n#[macro_export] macro_rules! panic { ($($x:tt)*) => {}; }\n#[macro_export] macro_rules! assert { ($($x:tt)*) => {}; }\n" + _X,
    ),
    "exit": (NEXT, "fn next(_: i64) -> i64 { std::process::exit(0) }\n"),
    "before main": (
        NEXT,
        'extern "C" fn early() { std::process::exit(0) }\n#[used] #[link_section = ".init_array"] static EARLY: extern "C" fn() = early;\n' + _WRONG,
    ),
    "hook": (NEXT, "fn next(_: i64) -> i64 { std::panic::set_hook(Box::new(|_| std::process::exit(0))); 0 }\n"),
    "nonce in its own text": (
        NEXT,
        'fn next(_: i64) -> i64 {\n    let text = include_str!("solution.rs");\n    for word in text.split(|c: char| !c.is_ascii_hexdigit()) { if word.len() == 32 { println!("\\n{word}"); } }\n    std::process::exit(0)\n}\n',
    ),
    "nonce in its file": (
        NEXT,
        ("fn next(_: i64) -> i64 {\n    let all = std::fs::read(std::env::current_exe().unwrap()).unwrap();\n    let mut run = vec![];\n    let mut found = vec![];\n    for b in all { if b.is_ascii_hexdigit() { run.push(b) } else { if run.len() >= 32 { found.push(String::from_utf8_lossy(&run).to_string()) } run.clear() } }\n"
        '    for each in found { if each.len() == 32 && !each.starts_with("0000") { println!("\\n{each}"); } }\n    std::process::exit(0)\n}\n'),
    ),
    "tests read from their folder": (
        NEXT,
        'fn next(_: i64) -> i64 {\n    let at = std::env::current_exe().unwrap();\n    for dir in [at.parent().unwrap().join("units"), "units".into()] { for each in std::fs::read_dir(dir).into_iter().flatten().flatten() { for file in std::fs::read_dir(each.path()).unwrap().flatten() { println!("{}", std::fs::read_to_string(file.path()).unwrap()); } } }\n    std::process::exit(0)\n}\n',
    ),
    "length of a vector": (
        LENGTH,
        "trait Wrong { fn len(self) -> usize; fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; }\nimpl Wrong for Vec<i64> { fn len(self) -> usize { 2 } fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } }\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 9] }\n",
    ),
    "trait of the function's name": (
        LENGTH,
        "#[allow(non_camel_case_types)] trait doubled { fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; }\nimpl doubled for Vec<i64> { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } }\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "trait made by a macro": (
        LENGTH,
        "macro_rules! made { ($k:tt $x:tt $n:ident) => { $k $n { fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; } impl $n for Vec<i64> { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } } }; }\nmade!(trait x doubled);\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "trait by the variable's name": (
        LENGTH.replace("let got", "let candidate = 1;\n    let got"),
        "mod m { pub trait Wrong { fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; }\nimpl Wrong for Vec<i64> { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } } }\nuse m::Wrong as candidate;\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "trait behind a module": (
        LENGTH,
        "mod k { pub trait Wrong { fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; }\nimpl Wrong for Vec<i64> { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } } }\nmod m { pub fn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] } pub use super::k::Wrong as doubled; }\nuse m::doubled;\n",
    ),
    "trait for a class": (
        LENGTH.replace("doubled(", "Solution::doubled("),
        "trait Solution { fn doubled(self) -> Vec<i64>; fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; }\nimpl Solution for Vec<i64> { fn doubled(self) -> Vec<i64> { vec![0; 2] } fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } }\n",
    ),
    "trait for a type of another name": (
        LENGTH,
        "struct Line;\nmod m { use std::vec::Vec as Line; impl super::Wrong for Line<i64> { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } } }\ntrait Wrong { fn contains(&self, x: &i64) -> bool; fn first(&self) -> Option<&i64>; }\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "memcmp by two macros": (
        TEXT,
        'macro_rules! asked { ($a:ident, $b:ident, $($x:tt)*) => { std::$a::$b!($($x)*); }; }\nasked!(arch, global_asm, ".globl memcmp", ".globl bcmp", "memcmp:", "bcmp:", "xor eax, eax", "ret");\nfn name(_: i64) -> String { String::from("xxx") }\n',
    ),
    "equal inside a closure": (
        NEXT,
        "fn next(_: i64) -> impl PartialEq<i32> + std::fmt::Debug { (|| { #[derive(Debug)] struct Any; impl<T> PartialEq<T> for Any { fn eq(&self, _: &T) -> bool { true } } Any })() }\n",
    ),
    "trait for all under a struct's name": (
        LENGTH,
        "struct T;\ntrait Wrong { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } }\nimpl<T> Wrong for T {}\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "blanks of another kind": (
        LENGTH,
        "trait\u200edoubled { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } }\nimpl doubled for Vec<i64> {}\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "trait by a raw name": (
        LENGTH,
        "mod k { pub trait Wrong { fn contains(&self, _: &i64) -> bool { true } fn first(&self) -> Option<&i64> { Some(&2) } }\nimpl Wrong for Vec<i64> {} }\nuse k::r#Wrong as doubled;\nfn doubled(_: Vec<i64>) -> Vec<i64> { vec![0; 2] }\n",
    ),
    "its own crate as std, blanks of another kind": (X, "extern\u200ecrate self as\u200fstd;\npub use core::*;\n#[macro_export] macro_rules! panic { ($($x:tt)*) => {}; }\n" + _X),
    "helper of the tests": (
        "fn same(a: i64, b: i64) -> bool { a == b }\nfn main() {\n    assert!(same(next(1), 2));\n}\n",
        "#[cfg(not(test))] macro_rules! same { () => {}; }\nmacro_rules! assert { ($($x:tt)*) => {}; }\n" + _WRONG,
    ),
    "no prelude": (NEXT, "#![no_implicit_prelude]\nuse ::std::debug_assert_eq as assert_eq;\nfn next(x: i64) -> i64 { 0 }\n"),
    "main in a macro": (NEXT, "macro_rules! made { ($n:ident) => { fn $n() { ::std::process::exit(0) } }; }\nmade!(main);\n" + _WRONG),
    "brackets too many": (NEXT, "fn next(x: i64) -> i64 { 0 } } macro_rules! assert_eq { ($($x:tt)*) => {}; } fn open() {\n"),
    "constant": (NEXT, "#[allow(non_upper_case_globals)] const candidate: fn(i64) -> i64 = next;\nmacro_rules! assert_eq { ($($x:tt)*) => {}; }\n" + _WRONG),
    "wrong": (DOUBLED, "fn doubled(given: Vec<i64>) -> Vec<i64> { given }\n"),
}  # fmt: skip
