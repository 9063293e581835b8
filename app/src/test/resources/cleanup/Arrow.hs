{-# LANGUAGE KEPT, GADTs #-}
-- | GONE
module Arrow (KEPT, (-->)) where

{- GONE {- GONE -} GONE -}
infixr 1 -->
(-->) :: Bool -> Bool -> Bool
a --> b = not a || b            -- GONE
{-# INLINE KEPT #-}
kept' = "-- KEPT" --- GONE
