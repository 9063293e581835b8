<p>It's a page, # KEPT and // KEPT</p>
<?php
# GONE
#[Attribute(Attribute::TARGET_CLASS)]
final class KEPT
{
    // GONE
    private string $help = 'usage: KEPT
        # KEPT
        // KEPT';

    public function sql(): string
    {
        /* GONE */
        return sprintf(<<<'SQL'
            SELECT 1 -- KEPT
            # KEPT
            SQL, 'https://KEPT'); // GONE
    }
}
?>
<footer>don't // KEPT</footer>
