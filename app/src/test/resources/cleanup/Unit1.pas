unit Unit1;
{ GONE }
{$IFDEF KEPT}
{$DEFINE KEPT2}
{$ENDIF}
(*$HINTS KEPT*)
interface
const
  Root = 'C:\KEPT\'; // GONE
  Brace = '{KEPT}'; (* GONE *)
implementation
end.
