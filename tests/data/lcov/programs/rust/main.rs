use std::fmt::Debug;

fn clamp<T: PartialOrd + Debug>(value: T, limit: T) -> T {
    if value > limit {
        return limit;
    }
    value
}

fn parse(text: &str) -> Result<i32, String> {
    text.parse::<i32>().map_err(|error| error.to_string())
}

fn never(x: i32) -> i32 {
    match x {
        1 => 2,
        _ => 3,
    }
}

fn main() {
    println!("{:?} {:?}", clamp(3, 2), clamp(2.5, 9.5));
    println!("{:?}", parse("12").map(|n| if n > 10 && n < 100 { n } else { 0 }));
    if std::env::args().count() > 5 {
        never(1);
    }
}
