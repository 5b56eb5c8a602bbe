# What Devel::Cover's own summary counts for each file: covered and all, of statements, branches, conditions.
use Devel::Cover::DB;

my $db = Devel::Cover::DB->new(db => 'cover_db')->merge_runs;
$db->calculate_summary(statement => 1, branch => 1, condition => 1);
for my $file ($db->cover->items) {
    my @counts = map { my $of = $db->summary($file, $_); ($of->{covered} // 0, $of->{total} // 0) }
        qw(statement branch condition);
    print join("\t", $file, @counts), "\n";
}
